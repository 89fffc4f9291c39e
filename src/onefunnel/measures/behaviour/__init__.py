"""The measure ``behaviour``: do leads that pay more an hour get worked in time?"""
