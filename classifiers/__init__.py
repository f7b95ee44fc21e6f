"""Text in, labels out: taxonomy, lexicon, model, training, evaluation, labelling."""
