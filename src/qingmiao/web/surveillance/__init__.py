"""Screens of disease surveillance: report cards, the audit of missed ones, deaths, village papers, epidemiology."""
