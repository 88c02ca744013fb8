import Konva from 'konva'
import { useWideColours } from './colours.ts'
import type { CanvasTool } from './drags.ts'
import { Gestures } from './gestures.ts'
import { Overlay } from './overlay.ts'
import { paneAt, paneRects } from './panes.ts'
import { Picture } from './picture.ts'
import type { CanvasPort, Scene } from './scene.ts'
import { readTheme, type CanvasTheme } from './theme.ts'
import { centred, fit, keepVisible, nextZoom, photoOnStage, snapZoom, zoomTo, type Point, type Size, type Viewport } from './viewport.ts'

/** A photo smaller than the stage is fitted by enlarging it, but not beyond this. */
const FIT_MOST = 4

/**
 * The canvas: a stage of the viewport's size with two Konva layers, the picture and what lies over it. State is pushed to it by `setScene` and
 * `setSize`; what a hand does goes out by the port. It knows no Vue and no store. With pictures side by side every pane shows the same part of
 * its picture: the viewport is one pane's, and a pointer's place is told in the pane that it is on.
 */
export class CanvasStage {
  readonly #stage: Konva.Stage
  readonly #container: HTMLDivElement
  readonly #picture: Picture
  readonly #overlay: Overlay
  readonly #port: CanvasPort
  readonly #gestures: Gestures
  #theme: CanvasTheme
  #scene: Scene | undefined
  #view: Viewport = { scale: 1, x: 0, y: 0 }
  #panes: readonly (Point & Size)[] = paneRects(1, { width: 1, height: 1 }, { width: 1, height: 1 })
  readonly #layers = new Set<{ layer: Konva.Layer; look: (view: Viewport, visible: Point & Size) => void }>()
  #isFitted = true
  #hoveredFace = -1
  #pixelRatio = 1
  #frame = 0

  constructor(container: HTMLDivElement, port: CanvasPort) {
    useWideColours()
    this.#container = container
    this.#port = port
    this.#theme = readTheme(container)
    this.#stage = new Konva.Stage({ container, width: 1, height: 1 })
    this.#picture = new Picture()
    this.#overlay = new Overlay()
    this.#stage.add(this.#picture.layer, this.#overlay.layer)
    this.#gestures = new Gestures(container, {
      scene: () => this.#scene,
      view: () => this.#view,
      zoom: () => this.zoom,
      size: () => this.size,
      paneAt: (onStage) => this.#paneAt(onStage),
      visible: () => this.#visible(),
      splitAt: () => this.#splitAt(),
      setView: (view) => this.#setView(view, false),
      zoomAt: (zoom, point) => this.zoomTo(zoom, point),
      hoverFace: (index) => this.#hoverFace(index),
      port,
    })
  }

  /** One pane's size: the whole stage, unless pictures stand side by side. */
  get size(): Size {
    return this.#panes[0]!
  }
  /** Photo pixels to device pixels. */
  get zoom(): number {
    return this.#view.scale * this.#pixelRatio
  }

  setSize(size: Size, pixelRatio: number): void {
    this.#stage.size(size)
    if (pixelRatio !== this.#pixelRatio) {
      this.#pixelRatio = pixelRatio
      for (const layer of this.#stage.getLayers()) layer.getCanvas().setPixelRatio(pixelRatio)
    }
    this.#layOut()
  }

  /** A scene of another photo is fitted; the same photo keeps its zoom and place. */
  setScene(scene: Scene | undefined): void {
    const isNew = scene?.photo.width !== this.#scene?.photo.width || scene?.photo.height !== this.#scene?.photo.height
    const arePanesNew = (scene?.panes.length ?? 0) !== (this.#scene?.panes.length ?? 0)
    this.#scene = scene
    if (isNew) this.#isFitted = true
    if (isNew || arePanesNew) this.#layOut()
    else this.#redraw()
    this.#gestures.updateCursor()
  }

  get view(): Viewport {
    return this.#view
  }

  /** Takes drags before the canvas's own; returns the function that ends it. */
  addTool(tool: CanvasTool): () => void {
    this.#gestures.tools.unshift(tool)
    return () => void this.#gestures.tools.splice(this.#gestures.tools.indexOf(tool), 1)
  }

  /** A Konva layer over the picture, told of every view before it is drawn; returns the function that takes it off. Four layers are the most. */
  addLayer(layer: Konva.Layer, look: (view: Viewport, visible: Point & Size) => void): () => void {
    this.#stage.add(layer)
    layer.getCanvas().setPixelRatio(this.#pixelRatio)
    this.#overlay.layer.moveToTop()
    const entry = { layer, look }
    this.#layers.add(entry)
    this.#redraw()
    return () => {
      this.#layers.delete(entry)
      layer.destroy()
    }
  }

  /** The colours of another theme. */
  setTheme(): void {
    this.#theme = readTheme(this.#container)
    this.#redraw()
  }

  fit(): void {
    if (this.#scene !== undefined) this.#setView(fit(this.#scene.photo, this.size, FIT_MOST), true)
  }
  actualSize(): void {
    this.zoomTo(1)
  }
  zoomBy(direction: 1 | -1): void {
    this.zoomTo(nextZoom(this.zoom, direction))
  }

  /** @param zoom photo pixels to device pixels @param inPane the point that stays, the middle by default */
  zoomTo(zoom: number, inPane: Point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    if (this.#scene === undefined) return
    const smallest = fit(this.#scene.photo, this.size).scale * this.#pixelRatio
    const next = zoomTo(this.#view, snapZoom(zoom), inPane, this.#pixelRatio, smallest)
    const isSmall = next.scale * this.#scene.photo.width < this.size.width && next.scale * this.#scene.photo.height < this.size.height
    this.#setView(isSmall ? centred(this.#scene.photo, this.size, next.scale) : next, false)
  }

  /** Moves the picture by CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.#setView({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }, false)
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    this.#gestures.destroy()
    this.#stage.destroy()
  }

  /** Panes anew; the middle of what was looked at stays in the middle. */
  #layOut(): void {
    const before = this.size
    const stage = { width: this.#stage.width(), height: this.#stage.height() }
    this.#panes = paneRects(this.#scene?.panes.length ?? 0, stage, this.#scene?.photo ?? stage)
    if (this.#scene === undefined) this.#redraw()
    else if (this.#isFitted) this.fit()
    else this.panBy((this.size.width - before.width) / 2, (this.size.height - before.height) / 2)
  }

  #setView(view: Viewport, isFitted: boolean): void {
    if (this.#scene === undefined) return
    this.#view = keepVisible(view, this.#scene.photo, this.size)
    this.#isFitted = isFitted
    this.#port.onZoom(this.zoom, isFitted)
    this.#redraw()
  }

  #hoverFace(index: number): void {
    if (index === this.#hoveredFace) return
    this.#hoveredFace = index
    this.#redraw()
  }

  #paneAt(onStage: Point): { index: number; origin: Point } {
    const index = paneAt(this.#panes, onStage)
    return { index, origin: this.#panes[index]! }
  }

  #visible(): Point & Size {
    return this.#scene === undefined ? { x: 0, y: 0, width: 0, height: 0 } : photoOnStage(this.#view, this.#scene.photo, this.size)
  }

  #splitAt(): number | undefined {
    const { compare, tool, splitAt } = this.#scene ?? { compare: 'off', tool: 'select', splitAt: 0 }
    if (tool === 'crop' || (compare !== 'vertical' && compare !== 'horizontal')) return undefined
    const { x, y, width, height } = this.#visible()
    return compare === 'horizontal' ? y + height * splitAt : x + width * splitAt
  }

  /** However often state changes within a frame, it is drawn once. */
  #redraw(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      const visible = this.#visible()
      const layout = { view: this.#view, panes: this.#panes, visible, splitAt: this.#splitAt(), pixelRatio: this.#pixelRatio }
      this.#port.onLook({ visible, inPhoto: inPhoto(this.#view, visible), zoom: this.zoom, panes: this.#panes })
      if (this.#scene === undefined) this.#picture.clear()
      else this.#picture.show(this.#scene, layout)
      if (this.#scene?.compare === 'difference') this.#port.onDifference(this.#picture.difference ?? { most: 0, share: 0 })
      for (const { layer, look } of this.#layers) {
        layer.visible(this.#panes.length === 1)
        look(this.#view, visible)
      }
      this.#overlay.show(this.#scene, layout, this.#hoveredFace, this.#theme)
    })
  }
}

function inPhoto({ x, y, scale }: Viewport, visible: Point & Size) {
  return { x: (visible.x - x) / scale, y: (visible.y - y) / scale, width: visible.width / scale, height: visible.height / scale }
}
