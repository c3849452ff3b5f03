/** The shape of a turning leaf: a strip of paper fixed at the fold, bent about upright axes. No DOM. */

/** Where one strip of the leaf is; lengths in widths of the leaf, x to the right of the fold, z towards the reader. */
export interface StripPose {
  x: number;
  z: number;
  /** Radians from lying on the right (0) to lying on the left (π), in its middle. */
  angle: number;
}

/** How far the free edge of a leaf is ahead in the middle of a turn (radians): a page that bends, a cover that resists. */
export const SUPPLE = 0.78;
export const STIFF = 0.34;

/**
 * The leaf's angle at `along` (0 fold, 1 free edge) when it has turned by `turned` (0 lies right, 1 lies left).
 *
 * `lead` is how far the free edge is ahead towards the left (radians, below 1 either way). Paper gives most near the
 * fold, where it is held, and stays nearly straight towards its edge.
 */
export function angleAt(along: number, turned: number, lead: number): number {
  const bow = 1 - 2 * (1 - along) ** 2;
  const angle = Math.PI * turned + lead * Math.sin(Math.PI * turned) * bow;
  return Math.min(Math.max(angle, 0), Math.PI);
}

/** Poses of `strips` strips of such a leaf. */
export function bend(turned: number, strips: number, lead: number): StripPose[] {
  const poses: StripPose[] = [];
  let x = 0;
  let z = 0;
  for (let index = 0; index < strips; index += 1) {
    const angle = angleAt((index + 0.5) / strips, turned, lead);
    poses.push({ x, z, angle });
    x += Math.cos(angle) / strips;
    z += Math.sin(angle) / strips;
  }
  return poses;
}

/** Where the point at `along` (0 fold, 1 free edge) of a bent leaf is. */
export function pointOn(poses: readonly StripPose[], along: number): { x: number; z: number } {
  const position = Math.min(Math.max(along, 0), 1) * poses.length;
  const index = Math.min(Math.floor(position), poses.length - 1);
  const pose = poses[index] ?? { x: 0, z: 0, angle: 0 };
  const rest = (position - index) / poses.length;
  return { x: pose.x + Math.cos(pose.angle) * rest, z: pose.z + Math.sin(pose.angle) * rest };
}

/** A point of the leaf as it is seen. */
export interface Grip {
  /** 0 fold, 1 free edge. */
  readonly along: number;
  /** Distance of the eye, in widths of the leaf. */
  readonly eye: number;
  readonly lead: number;
  readonly strips: number;
}

/** Where the gripped point is seen, in widths of the leaf right of the fold; it falls as the leaf turns left. */
export function seenAt(turned: number, grip: Grip): number {
  const point = pointOn(bend(turned, grip.strips, grip.lead), grip.along);
  return (point.x * grip.eye) / (grip.eye - point.z);
}

/** The argument from 0 to 1 at which the falling function `position` comes down to `wanted`. */
export function solveFalling(wanted: number, position: (turned: number) => number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 16; step += 1) {
    const middle = (low + high) / 2;
    if (position(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Darkness (0 to 1) of the two faces at an angle: the lit one fades towards the ridge, the far one falls into shade. */
export function shadeOf(angle: number): { right: number; left: number } {
  const facing = Math.cos(angle);
  return { right: 0.26 * Math.max(1 - facing, 0) ** 1.5, left: 0.34 * Math.max(1 + facing, 0) ** 1.3 };
}
