/** How well a text fits what was typed: every typed word has to be found; early and whole words count more. */

/** Points of one word in a text; 0: it is not there. */
function wordScore(text: string, word: string): number {
  const at = text.indexOf(word)
  if (at >= 0) {
    if (at === 0) return text.length === word.length ? 1 : 0.9
    return /[\s./_:-]/.test(text[at - 1] ?? '') ? 0.8 : 0.5
  }
  // The letters in order, as an abbreviation: "rf" for "run flow".
  const initials = text
    .split(/[\s./_:-]+/)
    .map((part) => part[0] ?? '')
    .join('')
  return word.length > 1 && initials.includes(word) ? 0.4 : 0
}

/** 0 (does not fit) to 1. `also` holds further words by which it can be found, worth less than the title. */
export function rank(query: string, title: string, also = ''): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return 1
  const main = title.toLowerCase()
  const other = also.toLowerCase()
  let sum = 0
  for (const word of words) {
    const score = Math.max(wordScore(main, word), wordScore(other, word) * 0.5)
    if (score === 0) return 0
    sum += score
  }
  return sum / words.length
}
