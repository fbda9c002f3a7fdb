/** A tool that is needed could not be had. The message names the next step for the person. */
export class MissingTool extends Error {
  override readonly name = 'MissingTool'
}
