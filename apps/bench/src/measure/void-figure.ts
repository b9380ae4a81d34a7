/** The figure counts for nothing: jobs were lost or repeated, or the set-up did not hold. */
export class VoidFigure extends Error {
  override readonly name = 'VoidFigure'
}

/** The rival does not have what the scenario measures. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered'
}
