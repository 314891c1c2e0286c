import type { CommandDefinition } from '../command.ts'
import { adoptCommand } from './adopt.ts'
import { applyCommand } from './apply.ts'
import { completionCommand } from './completion.ts'
import { destroyCommand } from './destroy.ts'
import { doctorCommand } from './doctor.ts'
import { driftCommand } from './drift.ts'
import { explainCommand } from './explain.ts'
import { exportCommand } from './export.ts'
import { fmtCommand } from './fmt.ts'
import { getCommand } from './get.ts'
import { graphCommand } from './graph.ts'
import { initCommand } from './init.ts'
import { keygenCommand } from './keygen.ts'
import { peerConfigCommand } from './peer-config.ts'
import { planCommand } from './plan.ts'
import { sandboxCommand } from './sandbox.ts'
import { schemaCommand } from './schema.ts'
import { showCommand } from './show.ts'
import { statusCommand } from './status.ts'
import { validateCommand } from './validate.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDefinition[] = [
  initCommand,
  validateCommand,
  planCommand,
  showCommand,
  applyCommand,
  driftCommand,
  destroyCommand,
  statusCommand,
  getCommand,
  graphCommand,
  explainCommand,
  peerConfigCommand,
  fmtCommand,
  exportCommand,
  adoptCommand,
  keygenCommand,
  doctorCommand,
  completionCommand,
  sandboxCommand,
  schemaCommand,
]
