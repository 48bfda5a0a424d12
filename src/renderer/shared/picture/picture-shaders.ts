/** The program that draws a grey picture of unsigned integers, and another one over it. */

/** One triangle that covers the canvas; no buffers. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/**
 * Integer textures cannot be filtered by the hardware, so neighbours are mixed here while a picture pixel is smaller than two device pixels; above,
 * pixels are shown as they are. A picture that is laid over takes the place of the green: where the two agree it stays grey, what has moved has a fringe,
 * green or magenta. Beside a picture that is only a part of the image, the last whole one is seen, darker, because it stands still.
 */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;

uniform usampler2D pixels;
uniform usampler2D backdrop;
uniform usampler2D overlay;
uniform vec2 origin;
uniform float canvasHeight;
uniform float scale;
uniform vec2 image;
uniform vec3 part;
uniform float backdropBinning;
uniform vec3 sensor;
uniform vec3 overlayPlace;
uniform float overlayOpacity;
uniform vec2 contrast;
uniform float gamma;
uniform float saturation;
uniform bool markSaturated;

out vec4 colour;

const vec3 GROUND = vec3(0.035, 0.035, 0.035);
const vec3 SATURATED = vec3(1.0, 0.15, 0.12);
const float STANDING_STILL = 0.45;

bool inside(vec2 place, ivec2 size) {
  return place.x >= 0.0 && place.y >= 0.0 && place.x < float(size.x) && place.y < float(size.y);
}

/** Value, and the brightest of those it is mixed from. */
vec2 valueAt(usampler2D of, vec2 place, float magnified) {
  if (magnified >= 2.0) {
    float value = float(texelFetch(of, ivec2(place), 0).r);
    return vec2(value, value);
  }
  ivec2 size = textureSize(of, 0);
  vec2 corner = place - 0.5;
  ivec2 first = clamp(ivec2(floor(corner)), ivec2(0), size - 1);
  ivec2 second = min(first + 1, size - 1);
  vec2 between = clamp(corner - vec2(first), 0.0, 1.0);
  float a = float(texelFetch(of, first, 0).r);
  float b = float(texelFetch(of, ivec2(second.x, first.y), 0).r);
  float c = float(texelFetch(of, ivec2(first.x, second.y), 0).r);
  float d = float(texelFetch(of, second, 0).r);
  return vec2(mix(mix(a, b, between.x), mix(c, d, between.x), between.y), max(max(a, b), max(c, d)));
}

void main() {
  vec2 place = (vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y) - origin) / scale;
  colour = vec4(GROUND, 1.0);
  if (place.x < 0.0 || place.y < 0.0 || place.x >= image.x || place.y >= image.y) return;
  vec2 inPart = (place - part.xy) / part.z;
  float light = 1.0;
  vec2 value;
  if (inside(inPart, textureSize(pixels, 0))) {
    value = valueAt(pixels, inPart, scale * part.z);
  } else {
    vec2 inBackdrop = backdropBinning > 0.0 ? place / backdropBinning : vec2(-1.0);
    if (!inside(inBackdrop, textureSize(backdrop, 0))) return;
    value = valueAt(backdrop, inBackdrop, scale * backdropBinning);
    light = STANDING_STILL;
  }
  if (markSaturated && value.y >= saturation) {
    colour = vec4(SATURATED * light, 1.0);
    return;
  }
  float grey = clamp((value.x - contrast.x) / max(contrast.y - contrast.x, 1e-3), 0.0, 1.0);
  vec3 shade = vec3(pow(grey, 1.0 / gamma)) * light;
  if (overlayOpacity > 0.0) {
    vec2 inOverlay = (sensor.xy + place * sensor.z - overlayPlace.xy) / overlayPlace.z;
    if (inside(inOverlay, textureSize(overlay, 0))) {
      float vessel = valueAt(overlay, inOverlay, scale * overlayPlace.z / sensor.z).x / 255.0;
      shade.g = mix(shade.g, pow(vessel, 1.0 / gamma) * light, overlayOpacity);
    }
  }
  colour = vec4(shade, 1.0);
}`;
