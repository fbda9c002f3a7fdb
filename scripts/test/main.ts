/**
 * `npm test [-- STAGE…]`: runs every stage, or the named ones, and ends on one line with the counts. A stage that
 * fails does not stop the others. Exit code 1 when anything failed, 2 when a stage's name is unknown.
 */
import { MissingTool } from '../lib/missing-tool.ts'
import { addCounts, type Counts, countLine, none } from './counts.ts'
import { type Stage, stages } from './stages.ts'

const chosenStages = (args: readonly string[]): readonly Stage[] => {
  const names = args.filter((argument) => argument !== '--full')
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    console.error(`No stage ${unknown.join(', ')}. Stages: ${stages.map(({ name }) => name).join(', ')}.`)
    process.exit(2)
  }
  return names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name))
}

const runStage = async (stage: Stage): Promise<Counts> => {
  try {
    return await stage.run()
  } catch (error) {
    const text =
      error instanceof MissingTool
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error)
    console.error(text)
    return { ...none, failed: 1, notes: [`${stage.name}: ${text.split('\n')[0] ?? ''}`] }
  }
}

const args = process.argv.slice(2)
if (args.includes('--full')) process.env['NODELOOM_TEST_FULL'] = '1'

const rows: string[] = []
const all: Counts[] = []
for (const stage of chosenStages(args)) {
  console.log(`\n--- ${stage.name}: ${stage.what}`)
  const started = performance.now()
  const counts = await runStage(stage)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  all.push(counts)
  rows.push(
    `${counts.failed > 0 ? 'FAIL' : 'ok  '} ${stage.name.padEnd(9)} ${seconds.padStart(7)} s   ${countLine(counts)}`,
  )
  console.log(rows.at(-1))
}

const total = addCounts(all)
console.log(`\n${rows.join('\n')}`)
for (const note of total.notes) console.log(`     ${note}`)
console.log(countLine(total))
process.exitCode = total.failed > 0 ? 1 : 0
