/** Icons of kinds and states. */
import {
  ChartColumn,
  Check,
  CircleMinus,
  CircleSlash,
  Clock,
  CodeXml,
  Eye,
  LoaderCircle,
  RefreshCw,
  Shapes,
  Square,
  StickyNote,
  Table2,
  TimerOff,
  TriangleAlert,
  Type,
  X,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { TypeFamily } from '../../../src-shared/flow/type-label.ts'
import type { Tone } from './status-words.ts'

const kinds: Readonly<Record<string, LucideIcon>> = { code: CodeXml, value: Type, view: Eye, note: StickyNote }
const makes: Partial<Record<TypeFamily, LucideIcon>> = { table: Table2, image: ChartColumn }

/** A code node that makes tables or images says so by its icon. */
export function KindIcon({
  kind,
  family,
}: {
  readonly kind: string
  readonly family?: TypeFamily | undefined
}): ReactNode {
  const Icon = (kind === 'code' && family ? makes[family] : undefined) ?? kinds[kind] ?? Shapes
  return <Icon className="node-icon" aria-hidden strokeWidth={1.5} />
}

const tones: Partial<Record<Tone, LucideIcon>> = {
  waiting: Clock,
  running: LoaderCircle,
  succeeded: Check,
  reused: RefreshCw,
  failed: X,
  'timed-out': TimerOff,
  skipped: CircleMinus,
  cancelled: Square,
  disabled: CircleSlash,
  problem: TriangleAlert,
}

export function StateIcon({ tone }: { readonly tone: Tone }): ReactNode {
  const Icon = tones[tone]
  return Icon ? (
    <Icon className={`node-state-icon${tone === 'running' ? ' node-spin' : ''}`} aria-hidden strokeWidth={1.6} />
  ) : null
}
