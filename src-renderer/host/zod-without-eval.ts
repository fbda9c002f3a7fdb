/**
 * The page's policy forbids eval. The schema library tries it and falls back, but each try counts as a
 * violation, so it is told not to. Import this before any module that makes a schema: schemas ask when
 * they are made.
 */
import { z } from 'zod'

z.config({ jitless: true })
