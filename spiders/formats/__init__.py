"""What an answer is written in: JSON, XML, JSON-LD, sitemaps, front matter, HR-XML; and what fields mean. Pure."""
