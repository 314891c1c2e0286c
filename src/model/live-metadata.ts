/** What the service says about a resource. Dates are as the API wrote them. */
export interface LiveMetadata {
  readonly createdDate?: string
  readonly createdBy?: string
  readonly lastModifiedDate?: string
  readonly lastModifiedBy?: string
  /** WireGuard gateways: PEM or raw base64. */
  readonly publicKey?: string
}
