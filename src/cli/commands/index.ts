import { acceptCommand } from './accept/command.ts'
import { accessCommand } from './access/command.ts'
import { adoptCommand } from './adopt/command.ts'
import { applyCommand } from './apply/command.ts'
import type { CommandDefinition } from './command.ts'
import { completionCommand } from './completion/command.ts'
import { destroyCommand } from './destroy/command.ts'
import { diffCommand } from './diff/command.ts'
import { doctorCommand } from './doctor/command.ts'
import { driftCommand } from './drift/command.ts'
import { explainCommand } from './explain/command.ts'
import { exportCommand } from './export/command.ts'
import { fmtCommand } from './fmt/command.ts'
import { getCommand } from './get/command.ts'
import { graphCommand } from './graph/command.ts'
import { importCommand } from './import/command.ts'
import { importTerraformCommand } from './import-terraform/command.ts'
import { initCommand } from './init/command.ts'
import { keygenCommand } from './keygen/command.ts'
import { peerCommand } from './peer/command.ts'
import { peerConfigCommand } from './peer-config/command.ts'
import { planCommand } from './plan/command.ts'
import { probeCommand } from './probe/command.ts'
import { revokeCommand } from './revoke/command.ts'
import { rotateCommand } from './rotate/command.ts'
import { sandboxCommand } from './sandbox/command.ts'
import { schemaCommand } from './schema/command.ts'
import { showCommand } from './show/command.ts'
import { statusCommand } from './status/command.ts'
import { validateCommand } from './validate/command.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDefinition[] = [
  initCommand,
  validateCommand,
  planCommand,
  diffCommand,
  showCommand,
  applyCommand,
  driftCommand,
  destroyCommand,
  statusCommand,
  getCommand,
  graphCommand,
  probeCommand,
  accessCommand,
  explainCommand,
  peerCommand,
  revokeCommand,
  rotateCommand,
  peerConfigCommand,
  fmtCommand,
  exportCommand,
  adoptCommand,
  acceptCommand,
  importTerraformCommand,
  importCommand,
  keygenCommand,
  doctorCommand,
  completionCommand,
  sandboxCommand,
  schemaCommand,
]
