"""Words with one mistake are found by what both words are when one letter is left out."""

import django.contrib.postgres.indexes
from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION search_deletions(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT left(word, place) || substr(word, place + 2))
    FROM generate_series(0, length(word)) AS place
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0004_learnt_concepts"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION search_deletions(text)"),
        migrations.RemoveIndex(model_name="word", name="search_word_length"),
        migrations.AddIndex(
            model_name="word",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("key"), function="search_deletions"), name="search_word_deletions"
            ),
        ),
    ]
