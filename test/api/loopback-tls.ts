import { X509Certificate } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A throw-away certificate for loopback and vpn.example.com, made for these tests; its key protects nothing. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBvTCCAWOgAwIBAgIUBnPzaHDzJAzKvDoXybYDLuD76TswCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRbG9vcGJhY2sgb2YgdGVzdHMwIBcNMjYxMTI0MDkxMTA5WhgP
MjEyNjEwMzEwOTExMDlaMBwxGjAYBgNVBAMMEWxvb3BiYWNrIG9mIHRlc3RzMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEn7kR+M9lIu6gRjUgvdiGmUdz8e4FLd8j
hdbCc3FdhjKTzlIjXpY8tIAbFUfAw2bRfN0k+yZrSMNSIIcCpWQ3KaOBgDB+MB0G
A1UdDgQWBBTiALB2gV588ux4+ZImT+40HdFsLjAfBgNVHSMEGDAWgBTiALB2gV58
8ux4+ZImT+40HdFsLjAPBgNVHRMBAf8EBTADAQH/MCsGA1UdEQQkMCKCCWxvY2Fs
aG9zdIIPdnBuLmV4YW1wbGUuY29thwR/AAABMAoGCCqGSM49BAMCA0gAMEUCIQDW
+juSmhpSVZYGG+1gN8A1+fOXy8fd1VMALa5Ir10pYgIgNm7ntH5WBXZx8QleNv+u
z/BiUwGbvZFjYQl13s68C7U=
-----END CERTIFICATE-----
`

const THROW_AWAY_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMUdHYyV1MWq36wie
58hp974P0c5rG6MEfhs0Zwh27NehRANCAASfuRH4z2Ui7qBGNSC92IaZR3Px7gUt
3yOF1sJzcV2GMpPOUiNeljy0gBsVR8DDZtF83ST7JmtIw1IghwKlZDcp
-----END PRIVATE KEY-----
`

/** Its SHA-256, as a pin. */
export const FINGERPRINT = new X509Certificate(CERTIFICATE).fingerprint256.replaceAll(':', '').toLowerCase()

/** An empty list by https on loopback, whatever is asked. */
export async function tlsServer(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer({ cert: CERTIFICATE, key: THROW_AWAY_KEY }, (_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"items":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}
