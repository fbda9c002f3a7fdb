import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Markdown } from './markdown.tsx'

const html = (text: string): string => renderToStaticMarkup(<Markdown text={text} />)

describe('Markdown', () => {
  it('makes headings, paragraphs, lists, code and emphasis', () => {
    expect(html('# Top\nplain **bold** *it* `x<y`\nsame\n\n- one\n- two\n\n1. first\n```\n<b>\n```')).toBe(
      '<p class="markdown-h1">Top</p><p>plain <strong>bold</strong> <em>it</em> <code>x&lt;y</code> same</p>' +
        '<ul><li>one</li><li>two</li></ul><ol><li>first</li></ol><pre>&lt;b&gt;</pre>',
    )
  })
  it('never makes markup of what is in the text', () => {
    expect(html('<img src=x onerror=alert(1)> [a](javascript:alert(1))')).toBe(
      '<p>&lt;img src=x onerror=alert(1)&gt; [a](javascript:alert(1))</p>',
    )
  })
})
