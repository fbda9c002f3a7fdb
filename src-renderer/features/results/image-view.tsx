/** A picture, fitted into the panel or at its own size. */
import { useState, type ReactNode } from 'react'
import type { ValueView } from '../../../src-shared/contract/run.ts'
import { Button } from '../../ui/button.tsx'
import { Caption } from './caption.tsx'

type Image = Extract<ValueView, { kind: 'image' }>

export function ImageView({ image, label }: { readonly image: Image; readonly label: string }): ReactNode {
  const [fit, setFit] = useState(true)
  return (
    <div className="image-view">
      <Caption>
        <span>
          {image.width} × {image.height} pixels
        </span>
        <span className="result-caption-end">
          <Button look="quiet" aria-pressed={fit} onClick={() => setFit(!fit)}>
            {fit ? 'Show at 100 %' : 'Fit in the panel'}
          </Button>
        </span>
      </Caption>
      <div className="image-scroll" tabIndex={0} aria-label={`${label}, scrollable`}>
        <img
          className={fit ? 'image-fit' : 'image-full'}
          alt={label}
          src={`data:${image.mime};base64,${image.base64}`}
        />
      </div>
    </div>
  )
}
