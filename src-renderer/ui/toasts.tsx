/** Short messages at the lower edge. Errors stay until closed; the rest leave by themselves. */
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { create } from 'zustand'
import { Button, IconButton } from './button.tsx'
import './toasts.css'

export interface Toast {
  readonly kind: 'info' | 'error'
  /** What happened and what was kept. */
  readonly message: string
  /** The next step. */
  readonly hint?: string | undefined
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface ShownToast extends Toast {
  readonly id: number
}

const STAY_MS = 6000
const MOST = 4

const useToasts = create<{ readonly shown: readonly ShownToast[] }>(() => ({ shown: [] }))
let last = 0

const close = (id: number): void =>
  useToasts.setState((state) => ({ shown: state.shown.filter((toast) => toast.id !== id) }))

/** Shows a message; the same message is not shown twice at a time. */
export function showToast(toast: Toast): void {
  const id = ++last
  useToasts.setState((state) => ({
    shown: [...state.shown.filter((other) => other.message !== toast.message), { ...toast, id }].slice(-MOST),
  }))
  if (toast.kind === 'info') setTimeout(() => close(id), STAY_MS)
}

/** Takes all messages away: what they told of is over. */
export const clearToasts = (): void => useToasts.setState({ shown: [] })

/** Shows what a failed request said. */
export const showError = (error: { message: string; hint?: string | undefined }): void =>
  showToast({ kind: 'error', message: error.message, hint: error.hint })

export function Toasts(): ReactNode {
  const shown = useToasts((state) => state.shown)
  return (
    <div className="ui-toasts" role="status" aria-live="polite" aria-label="Messages">
      {shown.map((toast) => (
        <div key={toast.id} className={`ui-toast ui-toast-${toast.kind}`}>
          {toast.kind === 'error' ? <CircleAlert aria-label="Error" /> : <CircleCheck aria-hidden />}
          <div className="ui-toast-text">
            {toast.message}
            {toast.hint === undefined ? null : <span className="ui-toast-hint"> {toast.hint}</span>}
          </div>
          {toast.action ? (
            <Button
              onClick={() => {
                toast.action?.run()
                close(toast.id)
              }}
            >
              {toast.action.label}
            </Button>
          ) : null}
          <IconButton label="Close this message" onClick={() => close(toast.id)}>
            <X />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
