"""Normal values of dates, amounts of money and shares."""
