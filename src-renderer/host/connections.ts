import { ref } from 'vue'

/**
 * How many addresses other than the host's own this page has asked for, or tried to, since it was loaded: measured, not promised. The content
 * security policy refuses them, and a refused one is counted too.
 */
export const outsideConnections = ref(0)

export function watchConnections(): void {
  const isOutside = (address: string) => {
    const url = new URL(address, location.href)
    return !['blob:', 'data:', 'about:'].includes(url.protocol) && url.host !== location.host
  }
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => {
    if (/^[a-z+]+:/.test(blockedURI) && isOutside(blockedURI)) outsideConnections.value++
  })
  const observer = new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) if (isOutside(name)) outsideConnections.value++
  })
  observer.observe({ type: 'resource', buffered: true })
}
