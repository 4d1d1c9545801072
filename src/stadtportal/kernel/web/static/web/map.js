// The map beside a list. Loaded only when a map comes into view; asks no foreign server for anything.
//
// The element says where everything comes from: data-library, data-worker, data-style (this build's MapLibre),
// data-districts and data-parks (outlines), data-streets (asked for the part in view), data-source (address of a
// GeoJSON) or data-inline (id of a JSON block on the page), data-style-url (an operator's own base map), data-label,
// data-view (the part to begin with: south,west,north,east), data-area-url (where to search in the part in view).
// Each result is a point with the properties id, title and, if it is to be found in the list, an element
// "treffer-<id>" on the page.

const EMPTY = { type: "FeatureCollection", features: [] };
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const WORDS = {
  "Map.Title": "Karte. Pfeiltasten verschieben, Plus und Minus ändern den Maßstab.",
  "NavigationControl.ZoomIn": "Karte vergrößern",
  "NavigationControl.ZoomOut": "Karte verkleinern",
  "CooperativeGesturesHandler.WindowsHelpText": "Zum Vergrößern Strg halten und scrollen",
  "CooperativeGesturesHandler.MacHelpText": "Zum Vergrößern ⌘ halten und scrollen",
  "CooperativeGesturesHandler.MobileHelpText": "Mit zwei Fingern verschieben",
};

const colours = (element) => {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: read("map-ground"),
    district: read("map-district"),
    border: read("map-border"),
    park: read("map-park"),
    marker: read("map-marker"),
    onMarker: read("map-on-marker"),
    chosen: read("map-chosen"),
    ink: read("ink"),
  };
};

const load = async (url) => {
  if (!url) return EMPTY;
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  return answer.ok ? answer.json() : EMPTY;
};

const inline = (id) => {
  const block = id && document.getElementById(id);
  if (!block) return null;
  const data = JSON.parse(block.textContent);
  return Array.isArray(data) ? { type: "FeatureCollection", features: data } : data;
};

/** The smallest box around everything, as [[west, south], [east, north]]; null for nothing. */
const box = (collection) => {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (part) => {
    if (typeof part[0] === "number") {
      west = Math.min(west, part[0]);
      east = Math.max(east, part[0]);
      south = Math.min(south, part[1]);
      north = Math.max(north, part[1]);
    } else part.forEach(walk);
  };
  for (const feature of collection.features) if (feature.geometry) walk(feature.geometry.coordinates);
  return west === Infinity ? null : [[west, south], [east, north]];
};

/** Those features of a collection whose points lie within a box. */
const within = (collection, [[west, south], [east, north]]) => ({
  type: "FeatureCollection",
  features: collection.features.filter(({ geometry }) => {
    const [x, y] = geometry?.type === "Point" ? geometry.coordinates : [NaN, NaN];
    return west <= x && x <= east && south <= y && y <= north;
  }),
});

/** One point in the middle of each district's largest part, for its name. */
const middles = (collection) => ({
  type: "FeatureCollection",
  features: collection.features.filter((feature) => feature.geometry).map(({ properties, geometry }) => {
    const parts = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
    const [best] = parts.map(([ring]) => {
      let [area, x, y] = [0, 0, 0];
      ring.slice(1).forEach(([nextX, nextY], at) => {
        const cross = ring[at][0] * nextY - nextX * ring[at][1];
        area += cross;
        x += (ring[at][0] + nextX) * cross;
        y += (ring[at][1] + nextY) * cross;
      });
      return { size: Math.abs(area), point: [x / (3 * area), y / (3 * area)] };
    }).sort((one, other) => other.size - one.size);
    return { type: "Feature", properties, geometry: { type: "Point", coordinates: best.point } };
  }),
});

/** Draw a short text as an image, since our maps load no glyphs. */
const drawn = (text, { size, weight, colour, halo }) => {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const font = `${weight} ${size * ratio}px "Fira Sans", sans-serif`;
  context.font = font;
  const width = Math.ceil(context.measureText(text).width + 8 * ratio);
  const height = Math.ceil((size + 8) * ratio);
  context.canvas.width = width;
  context.canvas.height = height;
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  if (halo) {
    Object.assign(context, { strokeStyle: halo, lineWidth: 4 * ratio });
    context.strokeText(text, width / 2, height / 2);
  }
  context.fillStyle = colour;
  context.fillText(text, width / 2, height / 2);
  return [context.getImageData(0, 0, width, height), { pixelRatio: ratio }];
};

/** Streets are drawn from this zoom on; a wider part of the map would hold too many. */
const STREETS_FROM = 13.5;

/** Fetch the streets of the part in view, in steps of a hundredth of a degree, so that the browser knows most of them. */
const showStreets = (map, address) => {
  let shown = "";
  const refresh = async () => {
    if (!address || map.getZoom() < STREETS_FROM || !map.getSource("strassen")) return;
    const [[west, south], [east, north]] = map.getBounds().toArray();
    const [low, high] = [(n) => Math.floor(n * 100) / 100, (n) => Math.ceil(n * 100) / 100];
    const part = [low(west), low(south), high(east), high(north)].map((n) => n.toFixed(2)).join(",");
    if (part === shown) return;
    shown = part;
    map.getSource("strassen").setData(await load(`${address}?bbox=${part}`));
  };
  map.on("moveend", refresh);
  map.on("style.load", () => {
    shown = "";
    refresh();
  });
};

const source = (data, more = {}) => ({ type: "geojson", data, ...more });

const layers = (hue, own) => [
  ...(own ? [] : [
    { id: "bezirke", type: "fill", source: "bezirke", paint: { "fill-color": hue.district } },
    { id: "parks", type: "fill", source: "parks", paint: { "fill-color": hue.park } },
    {
      id: "strassen", type: "line", source: "strassen", minzoom: STREETS_FROM,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": hue.border, "line-width": ["interpolate", ["linear"], ["zoom"], 13.5, 0.5, 18, 6] },
    },
  ]),
  {
    id: "grenzen", type: "line", source: "bezirke",
    paint: { "line-color": hue.border, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.75, 14, 2] },
  },
  {
    id: "namen", type: "symbol", source: "namen", minzoom: 10.25,
    layout: { "icon-image": ["concat", "bezirk:", ["get", "name"]], "icon-padding": 8 },
  },
  {
    id: "gruppen", type: "circle", source: "treffer", filter: ["has", "point_count"],
    paint: {
      "circle-color": hue.marker, "circle-stroke-color": hue.onMarker, "circle-stroke-width": 2,
      "circle-radius": ["step", ["get", "point_count"], 14, 10, 18, 100, 22, 1000, 27],
    },
  },
  {
    id: "zahlen", type: "symbol", source: "treffer", filter: ["has", "point_count"],
    layout: {
      "icon-image": ["concat", "zahl:", ["to-string", ["get", "point_count_abbreviated"]]],
      "icon-allow-overlap": true, "icon-ignore-placement": true,
    },
  },
  {
    id: "treffer", type: "circle", source: "treffer", filter: ["!", ["has", "point_count"]],
    paint: {
      "circle-color": hue.marker, "circle-radius": 8,
      "circle-stroke-color": hue.onMarker, "circle-stroke-width": 2.5,
    },
  },
  {
    id: "gewaehlt", type: "circle", source: "gewaehlt",
    paint: {
      "circle-color": hue.chosen, "circle-radius": 12,
      "circle-stroke-color": hue.ground, "circle-stroke-width": 3,
    },
  },
];

/** Link map and list both ways. */
const join = (map, label, current) => {
  let marked = null;
  const choose = (id) => {
    const feature = current().features.find((one) => String(one.properties.id) === String(id));
    map.getSource("gewaehlt")?.setData(feature ? { type: "FeatureCollection", features: [feature] } : EMPTY);
    marked?.classList.remove("result--chosen");
    marked = feature ? document.getElementById(`treffer-${id}`) : null;
    marked?.classList.add("result--chosen");
    label.textContent = feature?.properties.title ?? "";
    return feature;
  };
  const fromList = (event) => {
    const item = event.target.closest?.("[id^='treffer-']");
    if (!item) return;
    const feature = choose(item.id.slice("treffer-".length));
    // Who walks the list by keyboard sees where they are; a passing mouse does not move the map.
    const center = feature?.geometry.coordinates;
    if (center && event.type === "focusin" && !map.getBounds().contains(center)) map.easeTo({ center, animate: !calm() });
  };
  document.addEventListener("focusin", fromList);
  document.addEventListener("mouseover", fromList);
  map.on("click", "treffer", (event) => {
    const { id } = event.features[0].properties;
    choose(id);
    const item = document.getElementById(`treffer-${id}`);
    item?.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    item?.querySelector("a")?.focus({ preventScroll: true });
  });
  map.on("click", "gruppen", async (event) => {
    const [group] = event.features;
    const zoom = await map.getSource("treffer").getClusterExpansionZoom(group.properties.cluster_id);
    const { originalEvent } = event;
    map.easeTo({ center: group.geometry.coordinates, zoom, animate: !calm() }, { originalEvent });
  });
  for (const layer of ["treffer", "gruppen"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
};

/** Once people move the map, offer the results of the part in view: a link, with the part in its address. */
const offerArea = (map, canvas, address) => {
  if (!address) return;
  const link = document.createElement("a");
  link.className = "map__area";
  link.textContent = "In diesem Ausschnitt suchen";
  map.on("moveend", (event) => {
    if (!event.originalEvent) return;
    const [[west, south], [east, north]] = map.getBounds().toArray();
    const target = new URL(address, location.href);
    target.searchParams.set("karte", [south, west, north, east].map((one) => one.toFixed(4)).join(","));
    link.href = target.href;
    canvas.append(link);
  });
};

/** The box that data-view names, as [[west, south], [east, north]]; null for none. */
const viewOf = (text) => {
  const [south, west, north, east] = (text ?? "").split(",").map(Number);
  return east === undefined ? null : [[west, south], [east, north]];
};

const ready = (link) => new Promise((done) => {
  link.onload = done;
  link.onerror = done;
});

/** Open the map inside its element. The list stays usable when anything here fails. */
export const open = async (element) => {
  const { dataset } = element;
  const canvas = element.querySelector("[data-map-canvas]");
  const wait = canvas.querySelector(".map__wait");
  try {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: dataset.style });
    const styled = ready(style);
    document.head.append(style);
    const [library, districts, parks, fetched] = await Promise.all([
      import(dataset.library), load(dataset.districts), load(dataset.parks), load(dataset.source), styled,
    ]);
    let results = inline(dataset.inline) ?? fetched;
    library.setWorkerUrl(new URL(dataset.worker, location.href).href);

    // Between a result in the city and one far away there would be nothing to see.
    const city = box(districts) ?? [[9.04, 48.69], [9.32, 48.87]];
    const bounds = () => box(within(results, city)) ?? box(results) ?? city;
    const view = viewOf(dataset.view);
    const fit = { padding: 40, maxZoom: 15 };
    const place = document.createElement("div");
    const ground = (hue) => ({
      version: 8, sources: {}, layers: [{ id: "grund", type: "background", paint: { "background-color": hue.ground } }],
    });
    canvas.append(place);
    const map = new library.Map({
      container: place,
      style: dataset.styleUrl || ground(colours(element)),
      bounds: view ?? bounds(),
      fitBoundsOptions: view ? {} : fit,
      minZoom: 7,
      maxZoom: 18,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      cooperativeGestures: true,
      attributionControl: false,
      fadeDuration: calm() ? 0 : 200,
      locale: dataset.label ? { ...WORDS, "Map.Title": `${dataset.label}. ${WORDS["Map.Title"]}` } : WORDS,
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");

    map.setMissingStyleImageResolver((id) => {
      const hue = colours(element);
      const [kind, text] = [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];
      if (kind === "zahl") map.addImage(id, ...drawn(text, { size: 14, weight: 600, colour: hue.onMarker }));
      if (kind === "bezirk") {
        map.addImage(id, ...drawn(text, { size: 13, weight: 400, colour: hue.ink, halo: hue.district }));
      }
    });
    const fill = () => {
      map.addSource("bezirke", source(districts));
      map.addSource("namen", source(middles(districts)));
      map.addSource("parks", source(parks));
      map.addSource("strassen", source(EMPTY));
      map.addSource("treffer", source(results, { cluster: true, clusterRadius: 44, clusterMaxZoom: 14 }));
      map.addSource("gewaehlt", source(EMPTY));
      layers(colours(element), Boolean(dataset.styleUrl)).forEach((layer) => map.addLayer(layer));
    };
    map.on("style.load", fill);
    showStreets(map, dataset.styleUrl ? "" : dataset.streets);
    offerArea(map, canvas, dataset.areaUrl);
    if (!dataset.styleUrl) {
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        map.setStyle(ground(colours(element)), { diff: false });
      });
    }

    const label = document.createElement("p");
    label.className = "map__label";
    label.setAttribute("role", "status");
    canvas.append(label);
    map.once("load", () => {
      wait.remove();
      element.dataset.mapReady = "";
      join(map, label, () => results);
    });
    // A new list may bring new results for the same map.
    document.addEventListener("htmx:load", () => {
      const next = inline(dataset.inline);
      if (!next || !map.getSource("treffer")) return;
      results = next;
      map.getSource("treffer").setData(results);
      map.getSource("gewaehlt").setData(EMPTY);
      label.textContent = "";
      map.fitBounds(bounds(), { ...fit, animate: !calm() });
    });
  } catch (fault) {
    console.error("Die Karte kann nicht gezeigt werden.", fault);
    wait.textContent = "Ihr Browser kann die Karte nicht zeigen. Alle Einträge stehen in der Liste.";
  }
};
