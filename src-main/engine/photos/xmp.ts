import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'

/** XMP (ISO 16684-1): the photo's own packet, with the recipe and the label that says an AI took part. */

export const NAMESPACE = 'http://stylebridge.app/ns/1.0/'
const IPTC_EXTENSION = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/'
const SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/** What no longer holds in an edited, upright picture: its orientation, thumbnails of the old face, an older label. */
const STALE =
  /^(tiff:Orientation|xmp:Thumbnails|xmpGImg:\w+|photoshop:History|Iptc4xmpExt:DigitalSourceType|stylebridge:\w+|xmlns:stylebridge)$/
const LOCATION =
  /^(exif:GPS\w*|photoshop:(City|State|Country)|Iptc4xmpCore:(Location|CountryCode)|Iptc4xmpExt:Location\w*|crs:GPS\w*|GPano:PoseHeading\w*)$/

/** fast-xml-parser's ordered form: one key is the element's name, ':@' holds the attributes. */
type Node = Record<string, unknown>

// Entities stay as written on both ways, so that nothing of a stranger's packet is expanded and everything survives unchanged.
const FORM = { preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', processEntities: false } as const
const parser = new XMLParser({ ...FORM, parseTagValue: false, parseAttributeValue: false, trimValues: false })
const builder = new XMLBuilder({ ...FORM, suppressEmptyNode: false })

export interface XmpParts {
  /** The photo's own packet; left out where it is not well-formed. */
  readonly original?: string
  readonly keepLocation: boolean
  readonly recipe?: object
  readonly aiLabel: boolean
}

/** A packet, or undefined where it would be empty. */
export function buildXmp({ original, keepLocation, recipe, aiLabel }: XmpParts): string | undefined {
  const kept = original === undefined ? [] : descriptions(original)
  const dropped = (name: string) => STALE.test(name) || (!keepLocation && LOCATION.test(name))
  const cleaned = kept.map((node) => without(node, dropped))
  const own = ownDescription(recipe, aiLabel)
  if (cleaned.length === 0 && !own) return undefined
  const body = `${cleaned.length > 0 ? String(builder.build(cleaned)) : ''}${own}`
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">${body}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

/** The recipe in a packet, or undefined where there is none that can be read. */
export function recipeIn(packet: string): object | undefined {
  for (const node of descriptions(packet)) {
    for (const child of childrenOf(node)) {
      if (nameOf(child) !== 'stylebridge:recipe' || !declares(node, NAMESPACE)) continue
      const text = childrenOf(child).map((part) => (typeof part['#text'] === 'string' ? part['#text'] : ''))
      return parseObject(unescape(text.join('')))
    }
  }
  return undefined
}

function ownDescription(recipe: object | undefined, aiLabel: boolean): string {
  if (!recipe && !aiLabel) return ''
  const label = aiLabel ? `<Iptc4xmpExt:DigitalSourceType>${SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>` : ''
  const text = recipe ? `<stylebridge:recipe>${escape(JSON.stringify(recipe))}</stylebridge:recipe>` : ''
  return `<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="${IPTC_EXTENSION}" xmlns:stylebridge="${NAMESPACE}">${label}${text}</rdf:Description>`
}

/** The rdf:Description elements of a packet, with the namespaces of the elements around them; none where it is not well-formed. */
function descriptions(packet: string): Node[] {
  const xml = packet
    .replace(/<\?xpacket[^>]*\?>/g, '')
    .replace(/[\ufeff\0]/g, '')
    .trim()
  if (xml === '' || xml.includes('<!DOCTYPE') || XMLValidator.validate(xml) !== true) return []
  const found: Node[] = []
  const search = (nodes: Node[], inherited: Record<string, unknown>): void => {
    for (const node of nodes) {
      const attributes = { ...inherited, ...attributesOf(node) }
      if (nameOf(node) === 'rdf:Description') found.push({ ...node, ':@': attributes })
      else search(childrenOf(node), Object.fromEntries(Object.entries(attributes).filter(([name]) => /^xmlns:(?!x$|rdf$)/.test(name))))
    }
  }
  search(parser.parse(xml) as Node[], {})
  return found
}

/** The node without attributes and descendants that `dropped` names. */
function without(node: Node, dropped: (name: string) => boolean): Node {
  const name = nameOf(node)
  if (name === undefined) return node
  const children = childrenOf(node)
    .filter((child) => !dropped(nameOf(child) ?? ''))
    .map((child) => without(child, dropped))
  const attributes = Object.fromEntries(Object.entries(attributesOf(node)).filter(([key]) => !dropped(key)))
  return { [name]: children, ':@': attributes }
}

const nameOf = (node: Node) => Object.keys(node).find((key) => key !== ':@' && key !== '#text')
const attributesOf = (node: Node) => (node[':@'] ?? {}) as Record<string, unknown>
const declares = (node: Node, uri: string) =>
  Object.entries(attributesOf(node)).some(([name, value]) => name.startsWith('xmlns:') && value === uri)

function childrenOf(node: Node): Node[] {
  const name = nameOf(node)
  const children = name === undefined ? undefined : node[name]
  return Array.isArray(children) ? (children as Node[]) : []
}

function parseObject(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

// JSON has escaped control characters and lone surrogates already; these two are the rest that XML 1.0 cannot hold.
const escape = (json: string) =>
  json
    .replace(/[\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
const unescape = (text: string) =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&#(\d+);/g, (_, n: string) => String.fromCodePoint(Number(n)))
    .replace(/&amp;/g, '&')
