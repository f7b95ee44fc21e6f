// mongosh "$MONGODB_URI" examples/queries.mongosh.js
// The address comes from `dsi db uri`; the database is called dsi unless configured otherwise.
// All of it only reads: a user with the role `read` suffices (docs/storage.md).
const dsi = db.getSiblingDB("dsi");

print("Canonical signals by kind and grade");
dsi.signals
  .aggregate([
    {$match: {canonical: true}},
    {$group: {_id: {$concat: ["$kind", " / ", {$ifNull: ["$dsi.grade", "not graded"]}]}, signals: {$sum: 1}}},
    {$sort: {signals: -1}},
  ])
  .forEach((row) => printjson(row));

print("Core vacancies that are still open");
dsi.signals
  .find(
    {kind: "job_advert", canonical: true, "dsi.grade": "core", removed_at: null},
    {title: 1, url: 1, "organisation.name": 1, "place.country": 1},
  )
  .sort({published_at: -1})
  .limit(10)
  .forEach((row) => printjson(row));

print("Core signals by country");
dsi.signals
  .aggregate([
    {$match: {canonical: true, "dsi.grade": "core"}},
    {$group: {_id: "$place.country", signals: {$sum: 1}}},
    {$sort: {signals: -1}},
  ])
  .forEach((row) => printjson(row));

print("Core signals by area and technology");
dsi.signals
  .aggregate([
    {$match: {canonical: true, "dsi.grade": "core"}},
    {$unwind: "$dsi.areas"},
    {$unwind: "$dsi.technologies"},
    {$group: {_id: {$concat: ["$dsi.areas.name", " / ", "$dsi.technologies.name"]}, signals: {$sum: 1}}},
    {$sort: {signals: -1, _id: 1}},
    {$limit: 15},
  ])
  .forEach((row) => printjson(row));

print("Money awarded to core projects by country, euro");
dsi.signals
  .aggregate([
    {$match: {kind: "award", canonical: true, "dsi.grade": "core", "money.kind": "award"}},
    {$group: {_id: "$place.country", awards: {$sum: 1}, euro: {$sum: "$money.eur"}}},
    {$sort: {euro: -1}},
  ])
  .forEach((row) => printjson(row));

print("Where a signal comes from: its raw responses, without their bodies");
const signal = dsi.signals.findOne(
  {"dsi.grade": "core", "evidence.0": {$exists: true}},
  {title: 1, evidence: 1},
);
if (signal) {
  dsi.evidence.find({_id: {$in: signal.evidence}}, {body: 0}).forEach((row) => printjson(row));
}

print("The newest vintage: core signals of the world by month");
const vintage = dsi.vintages.find({state: "published"}).sort({built_at: -1}).limit(1).toArray()[0];
if (vintage) {
  Object.keys(vintage.blocks)
    .sort()
    .forEach((period) => {
      // A month that was not computed anew lies under the vintage it was carried over from.
      dsi.indicators
        .find(
          {
            vintage: vintage.blocks[period],
            period: period,
            indicator: "signals",
            dimension: "all",
            geo: "WORLD",
            grades: "core",
          },
          {_id: 0, period: 1, kind: 1, value: 1, ci_low: 1, ci_high: 1, status: 1},
        )
        .forEach((row) => printjson(row));
    });
}

print("Last runs");
dsi.runs
  .find()
  .sort({started_at: -1})
  .limit(5)
  .forEach((row) => printjson(row));

print("Problems by source and code");
dsi.issues
  .aggregate([
    {$group: {_id: {$concat: ["$source", " / ", "$code"]}, issues: {$sum: 1}}},
    {$sort: {issues: -1}},
    {$limit: 20},
  ])
  .forEach((row) => printjson(row));
