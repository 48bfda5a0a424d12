/** The program that draws the stimulus: for each pixel where the eye sees it, and from that what it shows. */

/** One triangle that covers the canvas; no buffers. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/**
 * The spherical correction is that of `src/stimulus/screen-geometry.ts`: the screen's point is leaned by the tilt, turned by the lateral angle, and told as
 * azimuth and altitude. The altitude is an arc tangent of two arguments, because the arc sine of many drivers is rough near its ends.
 */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;

const int GREY = 0;
const int AZIMUTH = 1;

uniform vec2 screenPx;
uniform vec2 screenCm;
uniform float distanceCm;
// Cosine and sine.
uniform vec2 tilt;
uniform vec2 lateral;
uniform int axis;
uniform float middleDeg;
uniform float halfWidthDeg;
uniform float checkSizeDeg;
uniform bool reversed;
// Pixel values: background, bright, dark.
uniform vec3 greys;
// Left, bottom, right and top in pixels.
uniform vec4 square;
uniform float squareValue;

out vec4 colour;

float stimulus(vec2 placeCm) {
  float up = placeCm.y * tilt.x + distanceCm * tilt.y;
  float ahead = distanceCm * tilt.x - placeCm.y * tilt.y;
  vec2 turned = vec2(placeCm.x * lateral.x - ahead * lateral.y, placeCm.x * lateral.y + ahead * lateral.x);
  vec2 raised = vec2(up, length(vec2(placeCm.x, ahead)));
  bool across = axis == AZIMUTH;
  // The other angle is needed in the bar only, which is the smaller part of the screen.
  float alongDeg = across ? degrees(atan(turned.x, turned.y)) : degrees(atan(raised.x, raised.y));
  float offDeg = alongDeg - middleDeg;
  // A bar whose middle is beyond half a turn is seen on the other side.
  offDeg -= 360.0 * floor(offDeg / 360.0 + 0.5);
  if (abs(offDeg) >= halfWidthDeg) return greys.x;
  float otherDeg = across ? degrees(atan(raised.x, raised.y)) : degrees(atan(turned.x, turned.y));
  bool odd = mod(floor(alongDeg / checkSizeDeg) + floor(otherDeg / checkSizeDeg), 2.0) > 0.5;
  return odd == reversed ? greys.y : greys.z;
}

void main() {
  vec2 px = gl_FragCoord.xy;
  float value;
  if (px.x >= square.x && px.y >= square.y && px.x < square.z && px.y < square.w) value = squareValue;
  else if (axis == GREY) value = greys.x;
  else value = stimulus((px / screenPx - 0.5) * screenCm);
  colour = vec4(vec3(value), 1.0);
}`;
