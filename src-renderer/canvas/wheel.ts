const WHEEL_SPEED = 0.0016
const PINCH_SPEED = WHEEL_SPEED * 6
const LINE = 24

/**
 * What a turn of the wheel means: zoom at the pointer, sideways with Shift; on a trackpad two fingers pan and a pinch, which arrives as a wheel with
 * Ctrl, zooms. @returns a factor for the zoom, or the way to pan in CSS pixels
 */
export function readWheel(event: WheelEvent): { zoom: number; dx: number; dy: number } {
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1
  if (event.shiftKey) return { zoom: 1, dx: -(event.deltaX || event.deltaY) * lines, dy: 0 }
  if (event.ctrlKey) return { zoom: Math.exp(-event.deltaY * lines * PINCH_SPEED), dx: 0, dy: 0 }
  if (isTrackpad(event)) return { zoom: 1, dx: -event.deltaX, dy: -event.deltaY }
  return { zoom: Math.exp(-event.deltaY * lines * WHEEL_SPEED), dx: 0, dy: 0 }
}

/** Chromium tells a trackpad's wheel by the old `wheelDelta` alone: three for every pixel; a wheel's has 120 for every notch. */
function isTrackpad(event: WheelEvent): boolean {
  const { wheelDeltaX, wheelDeltaY } = event as WheelEvent & { wheelDeltaX?: number; wheelDeltaY?: number }
  if (event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL || wheelDeltaX === undefined || wheelDeltaY === undefined) return false
  const isThrice = (delta: number, old: number) => (delta === 0 ? old === 0 : Math.abs(old + delta * 3) < 0.5)
  return isThrice(event.deltaX, wheelDeltaX) && isThrice(event.deltaY, wheelDeltaY) && (event.deltaX !== 0 || event.deltaY !== 0)
}
