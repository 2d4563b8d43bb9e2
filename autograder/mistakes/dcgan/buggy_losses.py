"""How students get `buggy_losses` wrong."""

from autograder.mistake import Mistake, swap

EVERY_NAME = "Every name has to be given a value before it is read; which of them is close by?"

MISTAKES = (
    Mistake("bug-losses-batch-size", swap("last batch_size", "cur_batch_size"),
        "A name that was never defined stands where the size of the minibatch belongs.", EVERY_NAME),
    Mistake("bug-losses-logits", swap("second logits_fake", "fake_logits"),
        "A name that was never defined stands where the generated images' scores belong.", EVERY_NAME),
    Mistake("bug-losses-epochs", swap("num_epochs", "n_epoch"),
        "A name that was never defined stands where the number of epochs belongs.", EVERY_NAME),
    Mistake("bug-losses-real-scores", swap("second logits_fake", "logits_real"),
        "The name exists now, but it is the wrong one: real images' scores count twice.",
        "Which scores belong with the target 0?"),
    Mistake("bug-losses-from-0", swap("epoch + 1", "epoch"),
        "The part of the training that is done is 0 in the first epoch, and never 1.",
        "Epochs are counted from 0; in the last one all is done."),
    Mistake("bug-losses-epoch-for-epochs", swap("num_epochs", "max(epoch, 1)"),
        "The name exists now, but it is the wrong one: the part that is done is always above 1.",
        "The number of the epoch is divided by how many there are."),
)
