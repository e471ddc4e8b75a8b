"""What makes browser, page and response hold to what was chosen: headers, gates, cookies."""
