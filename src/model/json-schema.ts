/** A JSON Schema (draft 2020-12). `x-yaml` overlays what the YAML file may hold where it differs from the API. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}
