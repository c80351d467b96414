"""What a page about an exercise says, as data: text in the words of a language, formulas in a notation, drawings."""
