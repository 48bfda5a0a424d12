/** The program that draws a grey picture of unsigned integers. */

/** One triangle that covers the canvas; no buffers. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/**
 * Integer textures cannot be filtered by the hardware, so neighbours are mixed here while a picture pixel is smaller than two device pixels; above,
 * pixels are shown as they are.
 */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;

uniform usampler2D pixels;
uniform vec2 origin;
uniform float canvasHeight;
uniform float scale;
uniform vec2 contrast;
uniform float saturation;
uniform bool markSaturated;

out vec4 colour;

const vec3 GROUND = vec3(0.035, 0.035, 0.035);
const vec3 SATURATED = vec3(1.0, 0.31, 0.85);

void main() {
  ivec2 size = textureSize(pixels, 0);
  vec2 place = (vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y) - origin) / scale;
  if (place.x < 0.0 || place.y < 0.0 || place.x >= float(size.x) || place.y >= float(size.y)) {
    colour = vec4(GROUND, 1.0);
    return;
  }
  float value;
  float brightest;
  if (scale >= 2.0) {
    value = float(texelFetch(pixels, ivec2(place), 0).r);
    brightest = value;
  } else {
    vec2 corner = place - 0.5;
    ivec2 first = clamp(ivec2(floor(corner)), ivec2(0), size - 1);
    ivec2 second = min(first + 1, size - 1);
    vec2 part = clamp(corner - vec2(first), 0.0, 1.0);
    float a = float(texelFetch(pixels, first, 0).r);
    float b = float(texelFetch(pixels, ivec2(second.x, first.y), 0).r);
    float c = float(texelFetch(pixels, ivec2(first.x, second.y), 0).r);
    float d = float(texelFetch(pixels, second, 0).r);
    value = mix(mix(a, b, part.x), mix(c, d, part.x), part.y);
    brightest = max(max(a, b), max(c, d));
  }
  if (markSaturated && brightest >= saturation) {
    colour = vec4(SATURATED, 1.0);
    return;
  }
  float grey = clamp((value - contrast.x) / max(contrast.y - contrast.x, 1.0), 0.0, 1.0);
  colour = vec4(vec3(grey), 1.0);
}`;
