import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * Who may talk to the loopback server. Any page in any browser on this machine can send requests to 127.0.0.1, and a name that an attacker
 * points at 127.0.0.1 makes them look like same-origin ones, so three things are asked:
 * a Host header that names the loopback address itself, an Origin (where one is sent) that is our own, and a secret that only the address printed
 * at the start carries; the first page load trades it for a cookie that other sites' requests do not carry.
 */
export class Gate {
  readonly token = randomBytes(24).toString('base64url')
  private readonly port: number

  constructor(port: number) {
    this.port = port
  }

  /** Cookies are shared by all ports of a host, hence the port in the name. */
  get cookie(): string {
    return `stylebridge-${this.port}=${this.token}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** Why a request is refused, or undefined. A page load with ?token= may come without a cookie, anything else may not. */
  refusal(request: IncomingMessage): string | undefined {
    const host = request.headers.host
    if (host !== `127.0.0.1:${this.port}` && host !== `localhost:${this.port}`) return 'This server answers only under its own address.'
    const { origin } = request.headers
    if (origin !== undefined && origin !== `http://${host}`) return 'This server answers only its own page.'
    if (origin === undefined && request.headers.upgrade !== undefined) return 'A socket must say which page it belongs to.'
    if (!this.hasCookie(request)) return 'Open the address that was printed when Stylebridge started; it carries the key.'
    return undefined
  }

  /** Whether `offered` is the token that the printed address carries. */
  opens(offered: string | null): boolean {
    return offered !== null && same(offered, this.token)
  }

  private hasCookie(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
    const prefix = `stylebridge-${this.port}=`
    return cookies.some((cookie) => cookie.startsWith(prefix) && same(cookie.slice(prefix.length), this.token))
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
