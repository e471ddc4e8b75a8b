"""What do the records cost: the log of actions, and finding, exporting and erasing one person?"""
