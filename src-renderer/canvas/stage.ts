import Konva from 'konva'
import { Gestures } from './gestures.ts'
import { Overlay } from './overlay.ts'
import { Picture } from './picture.ts'
import type { CanvasPort, Scene } from './scene.ts'
import { readTheme, type CanvasTheme } from './theme.ts'
import { centred, fit, keepVisible, nextZoom, photoOnStage, snapZoom, zoomTo, type Point, type Size, type Viewport } from './viewport.ts'

/** A photo smaller than the stage is fitted by enlarging it, but not beyond this. */
const FIT_MOST = 4

/**
 * The canvas: a stage of the viewport's size with two Konva layers, the picture and what lies over it. State is pushed to it by `setScene` and
 * `setSize`; what a hand does goes out by the port. It knows no Vue and no store.
 */
export class CanvasStage {
  readonly #stage: Konva.Stage
  readonly #picture = new Picture()
  readonly #overlay = new Overlay()
  readonly #theme: CanvasTheme
  readonly #port: CanvasPort
  readonly #gestures: Gestures
  #scene: Scene | undefined
  #view: Viewport = { scale: 1, x: 0, y: 0 }
  #isFitted = true
  #hoveredFace = -1
  #pixelRatio = 1
  #frame = 0

  constructor(container: HTMLDivElement, port: CanvasPort) {
    this.#port = port
    this.#theme = readTheme(container)
    this.#stage = new Konva.Stage({ container, width: 1, height: 1 })
    this.#stage.add(this.#picture.layer, this.#overlay.layer)
    this.#gestures = new Gestures(container, {
      scene: () => this.#scene,
      view: () => this.#view,
      zoom: () => this.#view.scale * this.#pixelRatio,
      visible: () => this.#visible(),
      splitAt: () => this.#splitAt(),
      setView: (view) => this.#setView(view, false),
      zoomAt: (zoom, point) => this.zoomTo(zoom, point),
      hoverFace: (index) => this.#hoverFace(index),
      port,
    })
  }

  get size(): Size {
    return { width: this.#stage.width(), height: this.#stage.height() }
  }

  setSize(size: Size, pixelRatio: number): void {
    const before = this.size
    this.#stage.size(size)
    if (pixelRatio !== this.#pixelRatio) {
      this.#pixelRatio = pixelRatio
      for (const layer of [this.#picture.layer, this.#overlay.layer]) layer.getCanvas().setPixelRatio(pixelRatio)
    }
    if (this.#scene === undefined) return
    if (this.#isFitted) this.fit()
    else
      this.#setView(
        { ...this.#view, x: this.#view.x + (size.width - before.width) / 2, y: this.#view.y + (size.height - before.height) / 2 },
        false,
      )
  }

  /** A scene of another photo is fitted; the same photo keeps its zoom and place. */
  setScene(scene: Scene | undefined): void {
    const isNew = scene?.photo.width !== this.#scene?.photo.width || scene?.photo.height !== this.#scene?.photo.height
    this.#scene = scene
    if (scene !== undefined && isNew) this.fit()
    else this.#redraw()
    this.#gestures.updateCursor()
  }

  fit(): void {
    if (this.#scene === undefined) return
    this.#setView(fit(this.#scene.photo, this.size, FIT_MOST), true)
  }
  actualSize(): void {
    this.zoomTo(1)
  }
  zoomBy(direction: 1 | -1): void {
    this.zoomTo(nextZoom(this.#view.scale * this.#pixelRatio, direction))
  }

  /** @param zoom photo pixels to device pixels @param onStage the point that stays, the middle by default */
  zoomTo(zoom: number, onStage: Point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    if (this.#scene === undefined) return
    const smallest = fit(this.#scene.photo, this.size).scale * this.#pixelRatio
    const next = zoomTo(this.#view, snapZoom(zoom), onStage, this.#pixelRatio, smallest)
    const isSmall = next.scale * this.#scene.photo.width < this.size.width && next.scale * this.#scene.photo.height < this.size.height
    this.#setView(isSmall ? centred(this.#scene.photo, this.size, next.scale) : next, false)
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    this.#gestures.destroy()
    this.#stage.destroy()
  }

  #setView(view: Viewport, isFitted: boolean): void {
    if (this.#scene === undefined) return
    this.#view = keepVisible(view, this.#scene.photo, this.size)
    this.#isFitted = isFitted
    this.#port.onZoom(this.#view.scale * this.#pixelRatio, isFitted)
    this.#redraw()
  }

  #hoverFace(index: number): void {
    if (index === this.#hoveredFace) return
    this.#hoveredFace = index
    this.#redraw()
  }

  #visible(): Point & Size {
    return this.#scene === undefined ? { x: 0, y: 0, width: 0, height: 0 } : photoOnStage(this.#view, this.#scene.photo, this.size)
  }

  #splitAt(): number | undefined {
    if (this.#scene === undefined || this.#scene.compare === 'off' || this.#scene.tool === 'crop') return undefined
    const { x, y, width, height } = this.#visible()
    return this.#scene.compare === 'horizontal' ? y + height * this.#scene.splitAt : x + width * this.#scene.splitAt
  }

  /** However often state changes within a frame, it is drawn once. */
  #redraw(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      const visible = this.#visible()
      const splitAt = this.#splitAt()
      this.#port.onVisible(visible)
      if (this.#scene === undefined) this.#picture.clear()
      else this.#picture.show(this.#scene, this.#view, visible, splitAt, this.#pixelRatio)
      this.#overlay.show(this.#scene, this.#view, visible, splitAt, this.#hoveredFace, this.#theme)
    })
  }
}
