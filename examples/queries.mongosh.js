// mongosh "$MONGODB_URI" examples/queries.mongosh.js
// The address comes from `dsi db uri`; the database is called dsi unless configured otherwise.
const dsi = db.getSiblingDB("dsi");

print("Canonical signals by kind and grade");
dsi.signals.aggregate([
  {$match: {canonical: true}},
  {$group: {_id: {$concat: ["$kind", " / ", {$ifNull: ["$dsi.grade", "not graded"]}]}, signals: {$sum: 1}}},
  {$sort: {signals: -1}},
]).forEach((row) => printjson(row));

print("Core vacancies that are still open");
dsi.signals.find(
  {kind: "job_advert", canonical: true, "dsi.grade": "core", removed_at: null},
  {title: 1, url: 1, "organisation.name": 1, "place.country": 1},
).sort({published_at: -1}).limit(10).forEach((row) => printjson(row));

print("Core signals by country");
dsi.signals.aggregate([
  {$match: {canonical: true, "dsi.grade": "core"}},
  {$group: {_id: "$place.country", signals: {$sum: 1}}},
  {$sort: {signals: -1}},
]).forEach((row) => printjson(row));

print("Last runs");
dsi.runs.find().sort({started_at: -1}).limit(5).forEach((row) => printjson(row));

print("Problems by source and code");
dsi.issues.aggregate([
  {$group: {_id: {$concat: ["$source", " / ", "$code"]}, issues: {$sum: 1}}},
  {$sort: {issues: -1}},
  {$limit: 20},
]).forEach((row) => printjson(row));
