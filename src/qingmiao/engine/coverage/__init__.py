"""Coverage by China's national rules: 时段接种率 and 出生队列接种率.

Source: 中疾控免疫发〔2024〕46号 and the national statistics library.

Columns in, figures out: `population` puts people, doses, units and moves into columns, `Coverage` answers rows of the
official tables from them, and `behind` names the people and doses of any cell. Rules are data under `rules/coverage/`.
"""
