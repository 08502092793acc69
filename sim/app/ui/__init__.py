"""What several pages share: words on screen, boxes, charts, drafts and the forms of a scenario."""
