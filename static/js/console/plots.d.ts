/** The chart library's types under names of ours; this file only describes, it is never loaded by a browser. */

declare namespace Plots {
  type Library = typeof import("uplot");
  type Plot = import("uplot");
  type Options = import("uplot").Options;
  type Series = import("uplot").Series;
}
