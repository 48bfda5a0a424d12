/** What the pointer does over the picture: looks around, or draws a region. */
import { RegionShape } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";

export type PictureTool = "look" | "rectangle" | "ellipse";

/** What a tool draws; undefined: it draws nothing. */
export function shapeOf(tool: PictureTool): RegionShape.RECTANGLE | RegionShape.ELLIPSE | undefined {
  if (tool === "look") return undefined;
  return tool === "rectangle" ? RegionShape.RECTANGLE : RegionShape.ELLIPSE;
}
