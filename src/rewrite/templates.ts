/** Tells editors with a YAML language server what may stand in the file. `vpnctl schema` writes that file. */
export const EDITOR_LINE = '# yaml-language-server: $schema=./vpn.schema.json\n'
