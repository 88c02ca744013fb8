/** "+1.20", "−0.80", "0.00": a strength always shows its sign, with a proper minus. */
export const showStrength = (strength: number): string => (strength > 0 ? '+' : strength < 0 ? '−' : '') + Math.abs(strength).toFixed(2)

/** "4 928": thousands apart by a thin space. */
export const showCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009')

export const showPercent = (share: number): string => `${Math.round(share * 100)} %`
