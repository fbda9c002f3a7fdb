/* oxlint-disable react/no-array-index-key -- the parts of a text or menu have no identity but their place */
/** The part of Markdown that notes need, made into elements: headings, lists, paragraphs, code, bold, italics. */
import type { ReactNode } from 'react'

type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }

const listItem = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/

/** The blocks of a Markdown text, in order. */
export function markdownBlocks(text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    const heading = /^(#{1,3})\s+(.*)$/.exec(line)
    if (line.trim() === '') at++
    else if (line.startsWith('```')) {
      const end = lines.findIndex((other, index) => index > at && other.startsWith('```'))
      const stop = end < 0 ? lines.length : end
      blocks.push({ kind: 'code', text: lines.slice(at + 1, stop).join('\n') })
      at = stop + 1
    } else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' })
      at++
    } else if (listItem.test(line)) {
      const items: string[] = []
      const ordered = listItem.exec(line)?.[1] !== undefined
      for (; at < lines.length; at++) {
        const item = listItem.exec(lines[at] ?? '')
        if (!item) break
        items.push(item[2] ?? '')
      }
      blocks.push({ kind: 'list', ordered, items })
    } else {
      const paragraph: string[] = []
      for (; at < lines.length; at++) {
        const next = lines[at] ?? ''
        if (next.trim() === '' || next.startsWith('```') || /^#{1,3}\s/.test(next) || listItem.test(next)) break
        paragraph.push(next.trim())
      }
      blocks.push({ kind: 'paragraph', text: paragraph.join(' ') })
    }
  }
  return blocks
}

const spans = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|_[^_\s][^_]*_)/

function Inline({ text }: { readonly text: string }): ReactNode {
  return text.split(spans).map((part, index) => {
    if (part.length > 2 && part.startsWith('`') && part.endsWith('`'))
      return <code key={index}>{part.slice(1, -1)}</code>
    if (part.length > 4 && part.startsWith('**') && part.endsWith('**'))
      return <strong key={index}>{part.slice(2, -2)}</strong>
    if (part.length > 2 && spans.test(part) && /^[*_]/.test(part)) return <em key={index}>{part.slice(1, -1)}</em>
    return part
  })
}

export function Markdown({ text }: { readonly text: string }): ReactNode {
  return markdownBlocks(text).map((block, index) => {
    switch (block.kind) {
      case 'heading':
        return (
          <p key={index} className={`markdown-h${block.level}`}>
            <Inline text={block.text} />
          </p>
        )
      case 'code':
        return <pre key={index}>{block.text}</pre>
      case 'paragraph':
        return (
          <p key={index}>
            <Inline text={block.text} />
          </p>
        )
      case 'list': {
        const items = block.items.map((item, at) => (
          <li key={at}>
            <Inline text={item} />
          </li>
        ))
        return block.ordered ? <ol key={index}>{items}</ol> : <ul key={index}>{items}</ul>
      }
    }
  })
}
