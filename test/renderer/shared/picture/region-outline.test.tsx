// @vitest-environment jsdom
import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { RegionShape } from "../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { REGION_STYLES, regionStyle } from "../../../../src/renderer/shared/picture/region-colours";
import { RegionOutline } from "../../../../src/renderer/shared/picture/region-outline";

afterEach(cleanup);

describe("regionStyle", () => {
  it("is another one for each of the sixteen", () => {
    const styles = Array.from({ length: REGION_STYLES }, (_, index) => JSON.stringify(regionStyle(index)));
    expect(REGION_STYLES).toBe(16);
    expect(new Set(styles).size).toBe(16);
  });
});

describe("RegionOutline", () => {
  const region = {
    id: "a",
    name: "V1",
    shape: RegionShape.ELLIPSE,
    xPx: 0,
    yPx: 0,
    widthPx: 1,
    heightPx: 1,
    colour: 9,
  };
  const seen = { x: 10, y: 20, width: 40, height: 60 };

  it("draws an ellipse into its rectangle, dashed where the colour says so, with its name", () => {
    const { container } = render(
      <svg>
        <RegionOutline region={region} seen={seen} />
      </svg>,
    );
    const drawn = container.querySelectorAll("ellipse")[1];
    expect(["cx", "cy", "rx", "ry"].map((name) => drawn?.getAttribute(name))).toEqual(["30", "50", "20", "30"]);
    expect(drawn?.getAttribute("stroke")).toBe(regionStyle(9).colour);
    expect(drawn?.getAttribute("stroke-dasharray")).toBe("6 4");
    expect(container.querySelector("text")?.textContent).toBe("V1");
  });

  it("draws a rectangle", () => {
    const { container } = render(
      <svg>
        <RegionOutline region={{ ...region, shape: RegionShape.RECTANGLE, colour: 0 }} seen={seen} selected />
      </svg>,
    );
    const drawn = container.querySelectorAll("rect")[1];
    expect(drawn?.getAttribute("width")).toBe("40");
    expect(drawn?.hasAttribute("stroke-dasharray")).toBe(false);
  });
});
