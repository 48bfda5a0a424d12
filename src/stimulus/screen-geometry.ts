/**
 * Where the points of a flat screen lie in the visual field of an eye before it.
 *
 * Spherical correction after Marshel, Garrett, Nauhaus & Callaway 2011 (supplement): a bar drawn in these angles keeps its speed and width as the eye
 * sees them, although the screen is flat.
 */

/** A flat screen before an eye. Unturned, the eye looks at its middle along its normal. */
export interface ScreenGeometry {
  readonly distanceCm: number;
  /** Turns the screen about the vertical axis through the eye; positive: to the animal's left. */
  readonly lateralAngleDeg: number;
  /** Leans the screen about the horizontal axis through the eye, before it is turned; positive: upwards. */
  readonly tiltDeg: number;
  readonly widthCm: number;
  readonly heightCm: number;
}

/** A direction as the eye sees it. */
export interface VisualAngles {
  /** Positive: to the animal's right. From -180 to 180. */
  readonly azimuthDeg: number;
  /** Positive: up. From -90 to 90. */
  readonly altitudeDeg: number;
}

const DEG_PER_RAD = 180 / Math.PI;

/** The angles of a point of the screen: `xCm` to the right and `yCm` up from its middle, as the animal sees it. */
export function anglesAt(geometry: ScreenGeometry, xCm: number, yCm: number): VisualAngles {
  const tilt = geometry.tiltDeg / DEG_PER_RAD;
  const lateral = geometry.lateralAngleDeg / DEG_PER_RAD;
  const up = yCm * Math.cos(tilt) + geometry.distanceCm * Math.sin(tilt);
  const ahead = geometry.distanceCm * Math.cos(tilt) - yCm * Math.sin(tilt);
  const turnedRight = xCm * Math.cos(lateral) - ahead * Math.sin(lateral);
  const turnedAhead = xCm * Math.sin(lateral) + ahead * Math.cos(lateral);
  return {
    azimuthDeg: Math.atan2(turnedRight, turnedAhead) * DEG_PER_RAD,
    // The same as asin(up / r), and exact near the poles too.
    altitudeDeg: Math.atan2(up, Math.hypot(xCm, ahead)) * DEG_PER_RAD,
  };
}

/** The edge of the screen in the visual field, from the lower left corner counter-clockwise as the animal sees it, not closed. */
export function screenOutline(geometry: ScreenGeometry, pointsPerSide: number): VisualAngles[] {
  const { widthCm, heightCm } = geometry;
  const corners = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ] as const;
  return corners.flatMap(([x, y], side) => {
    const [nextX, nextY] = corners[(side + 1) % corners.length] ?? corners[0];
    return Array.from({ length: pointsPerSide }, (_, index) => {
      const part = index / pointsPerSide;
      return anglesAt(geometry, (x + (nextX - x) * part) * widthCm, (y + (nextY - y) * part) * heightCm);
    });
  });
}
