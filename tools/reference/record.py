#!/usr/bin/env python3
"""Records what transformers and PEFT compute from a checkpoint, for `kpod verify CHECKPOINT --reference OUT` (docs/guide/verify.md).

    pip install torch transformers peft safetensors
    python record.py CHECKPOINT OUT                      # logits, losses, log-probabilities, greedy generations
    python record.py CHECKPOINT OUT --make-adapter       # and a fresh LoRA adapter: gradients, merging, five steps of three optimizers
    python record.py CHECKPOINT OUT --adapter DIR        # and an adapter of your own, as PEFT saved it; may be given several times
    python record.py CHECKPOINT OUT --full --kpod        # and full fine-tuning (small models), step difficulties, Eq. 15 by given steps
    python record.py CHECKPOINT OUT --cases TEXTS.txt    # and cases.jsonl: what tokenizers makes of each line of a text file

Every number is computed from the saved checkpoint with the model cast to float64 and is stored as float32. The libraries compute norms, rotary tables
and attention's softmax in float32 whatever the model's type; while recording they follow the type of their input. At the end the untouched libraries in
float32 compute the logits again, and their difference is printed: about 1e-6 is right.
"""

import argparse
import contextlib
import json
import math
import random
import shutil
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import save_file

ROWS = 3
NEW_TOKENS = 24
ANSWER_TOKENS = 4  # the last tokens of a row stand for the answer: weight 1
LEARNING_RATE = 1e-3
STEADY = 1e-3  # learning rates that float32 may lie away from float64 in any weight; small, because the noise of another implementation is another
CLEAR = 0.01  # lead of the best logit at every step of a generation
OPTIMIZERS = {
    "adam": {"weight_decay": 0.0, "max_grad_norm": 0.0},
    "adamw": {"weight_decay": 0.01, "max_grad_norm": 0.0},
    "adamclip": {"weight_decay": 0.0, "max_grad_norm": 0.25},
}


# ---------------------------------------------------------------- the reference in double precision


def load(checkpoint):
    """The checkpoint in float32, in evaluation mode, with the library's default attention."""
    config = transformers.AutoConfig.from_pretrained(checkpoint)
    kind = transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
    version = tuple(int(part) for part in transformers.__version__.split(".")[:2])
    return kind.from_pretrained(checkpoint, **{"dtype" if version >= (4, 56) else "torch_dtype": torch.float32}).eval()


def norm_forward(self, states):
    epsilon = self.variance_epsilon if hasattr(self, "variance_epsilon") else self.eps
    return self.weight * (states * torch.rsqrt(states.pow(2).mean(-1, keepdim=True) + epsilon))


def rotary_forward(self, x, position_ids):
    # inv_freq is the float32 table that the library makes, widened exactly.
    angles = position_ids[:, :, None].to(x.dtype) * self.inv_freq.to(x.dtype)[None, None, :]
    angles = torch.cat([angles, angles], dim=-1)
    scaling = getattr(self, "attention_scaling", 1.0)
    return (angles.cos() * scaling).to(x.dtype), (angles.sin() * scaling).to(x.dtype)


def in_double(model):
    """Casts a model to float64 and makes its norms and rotary tables follow."""
    model = model.double().eval()
    for module in model.modules():
        name = type(module).__name__
        if name.endswith(("RMSNorm", "T5LayerNorm")):
            module.forward = norm_forward.__get__(module)
        elif name.endswith("RotaryEmbedding"):
            module.forward = rotary_forward.__get__(module)
    return model


@contextlib.contextmanager
def no_narrowing():
    """Inside, nothing that is float64 is cast to float32 on the way (softmax and scores of attention, logits)."""
    softmax, to_float = torch.nn.functional.softmax, torch.Tensor.float

    def wide_softmax(input, dim=None, _stacklevel=3, dtype=None):
        return softmax(input, dim=dim, dtype=None if input.dtype == torch.float64 else dtype)

    torch.nn.functional.softmax = wide_softmax
    torch.Tensor.float = lambda self, *args, **kwargs: self if self.dtype == torch.float64 else to_float(self, *args, **kwargs)
    try:
        yield
    finally:
        torch.nn.functional.softmax, torch.Tensor.float = softmax, to_float


# ---------------------------------------------------------------- batches


class Source:
    """Rows of tokens: drawn at random, or from a file of prompts and responses."""

    def __init__(self, checkpoint, config, seed, texts):
        self.config = config
        self.random = random.Random(seed)
        self.pairs = None
        if texts:
            tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
            end = first_end(config)
            lines = [json.loads(line) for line in Path(texts).read_text(encoding="utf-8").split("\n") if line.strip()]
            self.pairs = [(tokenizer(line["prompt"])["input_ids"], tokenizer(line["response"], add_special_tokens=False)["input_ids"] + [end]) for line in lines]

    def ids(self, count):
        # The first ids are special tokens in nearly every vocabulary.
        return [self.random.randrange(6, self.config.vocab_size) for _ in range(count)]

    def pair(self, longest):
        """(prompt, response); a causal prompt begins with the begin token, an encoder's ends with the end token, a response ends with it."""
        if self.pairs:
            return self.pairs[self.random.randrange(len(self.pairs))]
        length = self.random.randrange(longest // 2, longest)
        end = first_end(self.config)
        if self.config.is_encoder_decoder:
            return self.ids(length) + [end], self.ids(self.random.randrange(longest // 2, longest)) + [end]
        begin = self.config.bos_token_id
        row = [begin if isinstance(begin, int) else self.ids(1)[0]] + self.ids(length) + [end]
        return row[: len(row) // 3], row[len(row) // 3 :]


def first_end(config):
    end = config.eos_token_id
    return end[0] if isinstance(end, (list, tuple)) else end


def pad(rows, value=0, left=False):
    width = max(len(row) for row in rows)
    return torch.tensor([[value] * (width - len(row)) + row if left else row + [value] * (width - len(row)) for row in rows])


def make_batch(source, config, rows, longest):
    pairs = [source.pair(longest) for _ in range(rows)]
    if config.is_encoder_decoder:
        inputs = [prompt for prompt, _ in pairs]
        labels = pad([response for _, response in pairs], -100)
    else:
        inputs = [prompt + response for prompt, response in pairs]
        labels = pad([[-100] * len(prompt) + response for prompt, response in pairs], -100)
    batch = {"input_ids": pad(inputs), "attention_mask": pad([[1] * len(row) for row in inputs]), "labels": labels}
    if config.is_encoder_decoder:
        start = config.decoder_start_token_id if config.decoder_start_token_id is not None else 0
        shifted = torch.cat([torch.full((rows, 1), start), labels[:, :-1]], dim=1)
        batch["decoder_input_ids"] = shifted.masked_fill(shifted == -100, 0)
    weights = torch.zeros(labels.shape)
    for row in range(rows):
        places = [place for place in range(labels.shape[1]) if labels[row, place] != -100]
        for place in places:
            weights[row, place] = source.random.random()
        for place in places[-ANSWER_TOKENS:]:
            weights[row, place] = 1.0
    batch["token_weights"] = weights
    return batch


# ---------------------------------------------------------------- what a batch gives


def logits_of(model, batch, **instead):
    """Logits of a padded batch; `instead` replaces inputs."""
    inputs = {key: batch[key] for key in ("input_ids", "attention_mask", "decoder_input_ids") if key in batch}
    if "inputs_embeds" in instead:
        del inputs["input_ids"]
    inputs.update(instead)
    return model(**inputs, use_cache=False).logits


def token_losses(logits, batch, is_encoder_decoder):
    """NLL at the place of each label, 0 where there is none."""
    labels = batch["labels"]
    if not is_encoder_decoder:
        # labels[t] is predicted by logits[t - 1].
        logits = torch.cat([torch.zeros_like(logits[:, :1]), logits[:, :-1]], dim=1)
    is_label = labels != -100
    losses = -logits.log_softmax(-1).gather(2, labels.clamp(min=0)[..., None])[..., 0]
    return losses.masked_fill(~is_label, 0.0), is_label


def mean_weighted_loss(model, batch, is_encoder_decoder):
    losses, is_label = token_losses(logits_of(model, batch), batch, is_encoder_decoder)
    return (losses * batch["token_weights"].double()).sum() / is_label.sum()


def masked_logits(logits, batch, is_encoder_decoder):
    real = batch["labels"] != -100 if is_encoder_decoder else batch["attention_mask"] != 0
    return logits * real[..., None]


def record_forward(model, config, batch, source):
    is_t5 = config.is_encoder_decoder
    out = dict(batch)
    with torch.no_grad():
        logits = logits_of(model, batch)
        losses, is_label = token_losses(logits, batch, is_t5)
        out["logits"] = masked_logits(logits, batch, is_t5)
        out["loss_sum"] = losses.sum().reshape(1)
        out["loss_tokens"] = is_label.sum().reshape(1)
        out["weighted_loss_sum"] = (losses * batch["token_weights"].double()).sum().reshape(1)
        if is_t5:
            out["token_logprobs"] = -losses
        else:
            ids, mask = batch["input_ids"], batch["attention_mask"]
            chosen = logits[:, :-1].log_softmax(-1).gather(2, ids[:, 1:, None])[..., 0]
            out["next_logprobs"] = chosen * mask[:, 1:]
            rows = [ids[row][mask[row] != 0].tolist() for row in range(len(ids))]
            left, left_mask = pad(rows, left=True), pad([[1] * len(row) for row in rows], left=True)
            out["left_input_ids"], out["left_attention_mask"] = left, left_mask
            positions = (left_mask.cumsum(-1) - 1).clamp(min=0)
            out["left_logits"] = logits_of(model, {"input_ids": left, "attention_mask": left_mask}, position_ids=positions) * left_mask[..., None]
            tables = [module.inv_freq for module in model.modules() if isinstance(getattr(module, "inv_freq", None), torch.Tensor)]
            if tables:
                out["inv_freq"] = tables[0]
    if is_t5:
        record_encoder(model, config, batch, source, out)
    return out


def record_encoder(model, config, batch, source, out):
    mask = batch["attention_mask"]
    with torch.no_grad():
        states = model.get_encoder()(input_ids=batch["input_ids"], attention_mask=mask).last_hidden_state
        out["encoder_last_hidden_state"] = states * mask[..., None]
        deviation = model.get_input_embeddings().weight.std().item()
    generator = torch.Generator().manual_seed(source.random.randrange(2**31))
    embeds = torch.randn(*mask.shape, config.d_model, generator=generator) * deviation
    out["inputs_embeds"] = embeds
    given = embeds.double().requires_grad_()
    logits = logits_of(model, batch, inputs_embeds=given)
    losses, is_label = token_losses(logits, batch, True)
    loss = (losses * batch["token_weights"].double()).sum() / is_label.sum()
    out["logits_from_embeds"] = masked_logits(logits, batch, True).detach()
    (out["grad_inputs_embeds"],) = torch.autograd.grad(loss, given)
    distance = config.relative_attention_max_distance
    relative = torch.arange(-2 * distance, 2 * distance + 1)
    attention = next(module for module in model.modules() if hasattr(module, "_relative_position_bucket"))
    for name, both in (("bucket_bidirectional", True), ("bucket_causal", False)):
        out[name] = attention._relative_position_bucket(relative, bidirectional=both, num_buckets=config.relative_attention_num_buckets, max_distance=distance)


def record_greedy(model, config, source, longest, tries):
    best = None
    for _ in range(tries):
        gap, lengths, tensors = generate(model, config, [source.pair(longest)[0] for _ in range(ROWS)])
        if best is None or gap > best[0]:
            best = (gap, lengths, tensors)
        if gap >= CLEAR:
            break
    gap, lengths, tensors = best
    if gap < CLEAR:
        print(f"note: on the way the two best logits come within {gap:.1e}; float32 may choose another token. Try another --seed.")
    return tensors, {"greedy_lengths": json.dumps(lengths), "greedy_min_gap": str(gap)}


def generate(model, config, prompts):
    is_t5 = config.is_encoder_decoder
    ids, mask = pad(prompts, left=not is_t5), pad([[1] * len(prompt) for prompt in prompts], left=not is_t5)
    own = model.generation_config
    settings = transformers.GenerationConfig(
        do_sample=False, num_beams=1, repetition_penalty=1.0, max_new_tokens=NEW_TOKENS, pad_token_id=0, eos_token_id=own.eos_token_id, bos_token_id=own.bos_token_id,
        decoder_start_token_id=getattr(config, "decoder_start_token_id", None), return_dict_in_generate=True, output_logits=True,
        use_cache=getattr(config, "num_decoder_layers", 0) in (0, None, getattr(config, "num_layers", 0)),  # 5.24 fails with a deeper decoder
    )
    with torch.no_grad():
        result = model.generate(input_ids=ids, attention_mask=mask, generation_config=settings)
    new = result.sequences[:, 1 if is_t5 else ids.shape[1] :]
    ends = own.eos_token_id if isinstance(own.eos_token_id, (list, tuple)) else [own.eos_token_id]
    lengths, gap = [], math.inf
    for row in range(ROWS):
        at = next((place for place, token in enumerate(new[row].tolist()) if token in ends), new.shape[1] - 1)
        lengths.append(at + 1)
        for place in range(at + 1):
            first, second = result.logits[place][row].topk(2).values.tolist()
            gap = min(gap, first - second)
    padded = torch.zeros(ROWS, NEW_TOKENS, dtype=torch.int64)
    for row, length in enumerate(lengths):
        padded[row, :length] = new[row, :length]
    return gap, lengths, {"greedy_prompt_ids": ids, "greedy_prompt_mask": mask, "greedy_new_ids": padded}


# ---------------------------------------------------------------- adapters and training


def adapted(checkpoint, adapter, double=True):
    model = peft.PeftModel.from_pretrained(load(checkpoint), adapter, is_trainable=True).eval()
    model = in_double(model) if double else model
    return model, {name.replace(".default", ""): value for name, value in model.named_parameters() if value.requires_grad}


def trainable(checkpoint, double=True):
    model = in_double(load(checkpoint)) if double else load(checkpoint)
    parameters = dict(model.named_parameters())
    for value in parameters.values():
        value.requires_grad_(True)
    return model, parameters


def steady_batches(source, config, count, longest, tries, run):
    """Batches whose training float32 can repeat. Adam's first step is learning rate x sign(gradient): a gradient that float32 loses may move the wrong way.

    run(batches, double) trains and returns the recorded tensors by name.
    """
    best = None
    for _ in range(tries):
        batches = [make_batch(source, config, 2, longest) for _ in range(count)]
        wide, narrow = run(batches, True), run(batches, False)
        parameters = [name for name in wide if ".weight" in name or ".bias" in name]
        off = max((wide[name].double() - narrow[name].double()).abs().max().item() for name in parameters) / LEARNING_RATE
        if best is None or off < best[0]:
            best = (off, batches, wide)
        if off <= STEADY:
            break
    off, batches, wide = best
    if off > STEADY:
        print(f"note: after {tries} tries the untouched library in float32 is still {off:.1e} learning rates away from float64 in some weight, so kpod verify may be too.")
    return batches, wide


def make_adapter(checkpoint, folder, seed):
    """A LoRA adapter of rank 4 on every linear map of every block, A and B both other than zero."""
    model = load(checkpoint)
    head = model.get_output_embeddings()
    names = {name.rsplit(".", 1)[-1] for name, module in model.named_modules() if isinstance(module, torch.nn.Linear) and module is not head}
    task = "SEQ_2_SEQ_LM" if model.config.is_encoder_decoder else "CAUSAL_LM"
    model = peft.get_peft_model(model, peft.LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=sorted(names), task_type=task))
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.named_parameters():
        if "lora_" in name:
            value.data.copy_(torch.randn(value.shape, generator=generator) * (0.5 / math.sqrt(value.shape[1])))
    model.save_pretrained(folder)


def record_adapter(checkpoint, config, folder, batch, source, longest, tries):
    is_t5 = config.is_encoder_decoder
    model, parameters = adapted(checkpoint, folder)
    out = {}
    with torch.no_grad():
        out["logits"] = masked_logits(logits_of(model, batch), batch, is_t5)
    loss = mean_weighted_loss(model, batch, is_t5)
    out["weighted_loss"] = loss.detach().reshape(1)
    for (name, _), gradient in zip(parameters.items(), torch.autograd.grad(loss, list(parameters.values()))):
        out[f"grad.{name}"] = gradient
    merged = in_double(peft.PeftModel.from_pretrained(load(checkpoint), folder).double().merge_and_unload())
    with torch.no_grad():
        out["merged_logits"] = masked_logits(logits_of(merged, batch), batch, is_t5)
    metadata = {}
    for prefix, setting in OPTIMIZERS.items():
        metadata.update({f"{prefix}.learning_rate": str(LEARNING_RATE), **{f"{prefix}.{key}": str(value) for key, value in setting.items()}})

    def run(batches, double):
        trained = {}
        for prefix, setting in OPTIMIZERS.items():
            train(*adapted(checkpoint, folder, double), batches, is_t5, setting, trained, prefix + ".", (1, 5))
        return trained

    batches, trained = steady_batches(source, config, 5, longest, tries, run)
    add_batches(out, batches)
    return {**out, **trained}, metadata


def add_batches(out, batches):
    for number, batch in enumerate(batches, 1):
        out.update({f"batch{number}.{key}": value for key, value in batch.items()})


def train(model, parameters, batches, is_t5, setting, out, prefix, recorded_steps):
    """One optimizer step a batch; records losses before the step and the parameters after some."""
    values = list(parameters.values())
    kind = torch.optim.AdamW if setting["weight_decay"] > 0 else torch.optim.Adam
    optimizer = kind(values, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=setting["weight_decay"])
    losses, norms = [], []
    for step, batch in enumerate(batches, 1):
        optimizer.zero_grad()
        loss = mean_weighted_loss(model, batch, is_t5)
        loss.backward()
        if setting["max_grad_norm"] > 0:
            norms.append(torch.nn.utils.clip_grad_norm_(values, setting["max_grad_norm"]).item())
        optimizer.step()
        losses.append(loss.item())
        if step in recorded_steps:
            out.update({f"{prefix}step{step}.{name}": value.detach().clone() for name, value in parameters.items()})
    out[f"{prefix}losses"] = torch.tensor(losses, dtype=torch.float64)
    if norms:
        out[f"{prefix}total_norms"] = torch.tensor(norms, dtype=torch.float64)


def record_full(checkpoint, config, source, longest, tries):
    setting = {"weight_decay": 0.0, "max_grad_norm": 0.0}

    def run(batches, double):
        trained = {}
        model, parameters = trainable(checkpoint, double)
        train(model, parameters, batches, config.is_encoder_decoder, setting, trained, "", ())
        trained.update({f"weights.{name}": value.detach() for name, value in parameters.items()})
        return trained

    batches, out = steady_batches(source, config, 3, longest, tries, run)
    add_batches(out, batches)
    return out, {"learning_rate": str(LEARNING_RATE), **{key: str(value) for key, value in setting.items()}}


# ---------------------------------------------------------------- the method


def record_kpod(model, config, source, longest):
    examples = []
    for _ in range(3):
        prompt, response = source.pair(longest)
        rationale, answer = response[:-ANSWER_TOKENS] or response[:1], response[-ANSWER_TOKENS:]
        cuts = sorted(source.random.sample(range(1, len(rationale)), min(2, len(rationale) - 1)))
        steps = [list(pair) for pair in zip([0, *cuts], [*cuts, len(rationale)])]
        weights = [source.random.random() for _ in rationale]
        losses = response_losses(model, config, prompt, rationale + answer)
        examples.append({
            "prompt_ids": prompt, "rationale_ids": rationale, "steps": steps, "answer_ids": answer, "token_weights": weights,
            "expected": expected_of(losses[: len(rationale)], losses[len(rationale) :], steps, weights),
        })
    return {"examples": examples}


def response_losses(model, config, prompt, response):
    if config.is_encoder_decoder:
        batch = {"input_ids": pad([prompt]), "attention_mask": pad([[1] * len(prompt)]), "labels": pad([response]),
                 "decoder_input_ids": pad([[config.decoder_start_token_id or 0] + response[:-1]])}
    else:
        row = prompt + response
        batch = {"input_ids": pad([row]), "attention_mask": pad([[1] * len(row)]), "labels": pad([[-100] * len(prompt) + response])}
    with torch.no_grad():
        losses, is_label = token_losses(logits_of(model, batch), batch, config.is_encoder_decoder)
    return losses[is_label].tolist()


def expected_of(rationale, answer, steps, weights):
    difficulty, uniform = [], []
    for start, end in steps:
        shares = [math.exp(weight) for weight in weights[start:end]]
        difficulty.append(sum(share * loss for share, loss in zip(shares, rationale[start:end])) / sum(shares))
        uniform.append(sum(rationale[start:end]) / (end - start))
    by_given = []
    for given in range(len(steps) + 1):
        first = steps[given - 1][1] if given > 0 else 0
        by_given.append({
            "c": given,
            "weighted_rationale_loss": sum(weight * loss for weight, loss in zip(weights[first:], rationale[first:])),
            "unweighted_rationale_loss": sum(rationale[first:]),
            "answer_nll_sum": sum(answer),
            "supervised_tokens": len(rationale) - first + len(answer),
        })
    return {"rationale_nll": rationale, "answer_nll": answer, "step_difficulty": difficulty, "step_difficulty_uniform": uniform, "by_given_steps": by_given}


def record_learning_rates():
    warm_up, total = 5, 40
    makers = {
        "constant_with_warmup": lambda optimizer: transformers.get_constant_schedule_with_warmup(optimizer, warm_up),
        "linear_with_warmup": lambda optimizer: transformers.get_linear_schedule_with_warmup(optimizer, warm_up, total),
        "cosine_with_warmup": lambda optimizer: transformers.get_cosine_schedule_with_warmup(optimizer, warm_up, total),
    }
    out = {"warmup_steps": warm_up, "total_steps": total}
    for name, make in makers.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        schedule = make(optimizer)
        out[name] = []
        for _ in range(total + 6):
            out[name].append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
    return out


# ---------------------------------------------------------------- tokenizer


def record_cases(checkpoint, texts, path):
    """The tokenizers library on tokenizer.json itself: the classes of transformers change it on loading."""
    import tokenizers

    plain = tokenizers.Tokenizer.from_file(str(Path(checkpoint) / "tokenizer.json"))
    as_text = tokenizers.Tokenizer.from_file(str(Path(checkpoint) / "tokenizer.json"))
    plain.no_padding(), plain.no_truncation(), as_text.no_padding(), as_text.no_truncation()
    as_text.encode_special_tokens = True
    with open(path, "w", encoding="ascii", newline="\n") as out:
        for text in Path(texts).read_text(encoding="utf-8").split("\n"):
            encoding = plain.encode(text, add_special_tokens=False)
            units = [0]
            for character in text:
                units.append(units[-1] + (2 if ord(character) > 0xFFFF else 1))
            case = {
                "text": text, "ids": encoding.ids, "offsets_cp": [list(pair) for pair in encoding.offsets], "offsets_utf16": [[units[start], units[end]] for start, end in encoding.offsets],
                "ids_special": plain.encode(text).ids, "decoded": plain.decode(encoding.ids, skip_special_tokens=True),
            }
            kept, raw = plain.decode(encoding.ids, skip_special_tokens=False), as_text.encode(text, add_special_tokens=False).ids
            if kept != case["decoded"]:
                case["decoded_keep_special"] = kept
            if raw != encoding.ids:
                case["ids_specials_as_text"] = raw
            out.write(json.dumps(case) + "\n")


# ---------------------------------------------------------------- main


def save(tensors, path, metadata):
    """float64 as float32, whole numbers as int64."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {name: value.detach().to(torch.float32 if value.is_floating_point() else torch.int64).contiguous().clone() for name, value in tensors.items()}
    save_file(stored, str(path), metadata)
    print(f"{path}: {len(stored)} tensors")


def save_json(value, path):
    path.write_text(json.dumps(value) + "\n", encoding="utf-8")
    print(path)


def copy_adapter(source, target):
    target.mkdir(parents=True, exist_ok=True)
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        shutil.copyfile(Path(source) / name, target / name)


def check(checkpoint, config, batch, recorded):
    """The untouched library in float32 against what was recorded."""
    model = load(checkpoint)
    with torch.no_grad():
        logits = masked_logits(logits_of(model, batch), batch, config.is_encoder_decoder).double()
    expected = recorded.double()
    print(f"untouched library in float32: logits within {((logits - expected).abs().max() / expected.abs().max()).item():.1e} of the recorded ones")


def parse():
    parser = argparse.ArgumentParser(description="Records what transformers and PEFT compute from a checkpoint, for kpod verify.")
    parser.add_argument("checkpoint", help="a folder with config.json and safetensors")
    parser.add_argument("out", help="folder for the recorded numbers; not the checkpoint's own unless you want them there")
    parser.add_argument("--texts", help='JSON Lines with "prompt" and "response"; tokens are drawn at random without it')
    parser.add_argument("--longest", type=int, default=40, help="longest random row in tokens")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int, default=20, help="how often other batches and prompts are tried until float32 can repeat what they give")
    parser.add_argument("--adapter", action="append", default=[], help="folder of a PEFT adapter; recorded as OUT/lora-NAME")
    parser.add_argument("--make-adapter", action="store_true", help="make a LoRA adapter of rank 4 on all linear maps and record it as OUT/lora")
    parser.add_argument("--full", action="store_true", help="three steps of full fine-tuning (small models)")
    parser.add_argument("--kpod", action="store_true", help="token losses, step difficulties, losses by number of given steps; and courses of the learning rate")
    parser.add_argument("--cases", help="text file: record OUT/cases.jsonl, a case for each of its lines")
    return parser.parse_args()


def main():
    arguments = parse()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    config = transformers.AutoConfig.from_pretrained(arguments.checkpoint)
    source = Source(arguments.checkpoint, config, arguments.seed, arguments.texts)
    common = {"seed": str(arguments.seed), "transformers": transformers.__version__, "peft": peft.__version__, "torch": torch.__version__}
    batch = make_batch(source, config, ROWS, arguments.longest)
    with no_narrowing():
        model = in_double(load(arguments.checkpoint))
        numbers = record_forward(model, config, batch, source)
        greedy, metadata = record_greedy(model, config, source, arguments.longest, arguments.tries)
        save({**numbers, **greedy}, out / "reference.safetensors", {**common, **metadata})
        if arguments.kpod:
            save_json(record_kpod(model, config, source, arguments.longest), out / "kpod.json")
            save_json(record_learning_rates(), out / "optimizer_schedules.json")
        del model
        adapters = {f"lora-{Path(adapter).resolve().name}": adapter for adapter in arguments.adapter}
        for name, adapter in adapters.items():
            copy_adapter(adapter, out / name)
        if arguments.make_adapter:
            make_adapter(arguments.checkpoint, out / "lora", arguments.seed)
            adapters["lora"] = None
        for name in adapters:
            tensors, metadata = record_adapter(arguments.checkpoint, config, out / name, batch, source, arguments.longest // 2, arguments.tries)
            save(tensors, out / name / "reference.safetensors", {**common, **metadata})
        if arguments.full:
            tensors, metadata = record_full(arguments.checkpoint, config, source, arguments.longest // 2, arguments.tries)
            save(tensors, out / "full" / "reference.safetensors", {**common, **metadata})
    if arguments.cases:
        record_cases(arguments.checkpoint, arguments.cases, out / "cases.jsonl")
    check(arguments.checkpoint, config, batch, numbers["logits"])
    print(f"now: kpod verify {arguments.checkpoint} --reference {out}")


if __name__ == "__main__":
    main()
