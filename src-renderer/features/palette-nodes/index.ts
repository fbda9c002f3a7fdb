export { NodePalette } from './node-palette.tsx'
