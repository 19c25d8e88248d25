export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}

/** Of values in ascending order, the one below which this share of them lies. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const last = ascending.length - 1
  return ascending[Math.min(last, Math.max(0, Math.ceil(share * ascending.length) - 1))] ?? Number.NaN
}

/** Where the middle half of the values lies. */
export function middleHalf(values: readonly number[]): readonly [number, number] {
  const ascending = [...values].sort((a, b) => a - b)
  return [quantile(ascending, 0.25), quantile(ascending, 0.75)]
}
