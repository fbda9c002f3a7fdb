/** Fields for the inputs that no wire feeds, in node rows and in the side panel. */
export { Field } from './field.tsx'
export { placeholderOf, readField, readValue } from './field-text.ts'
export { InputsPanel } from './inputs-panel.tsx'
