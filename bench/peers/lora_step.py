#!/usr/bin/env python3
"""One optimizer step of LoRA in plain PyTorch, computed as transformers and PEFT compute it.

A LLaMA of SmolLM2-135M's shape with random weights, adapters of rank 64 in float32 on every linear map, eager attention with copied key
and value heads, logits of all positions in float32, torch's AdamW. Batch 4 x 256, of which the last 64 tokens of each text are supervised.

By hand, beside the ceiling of this machine's matrix products, measured in turns:
    python3 bench/peers/lora_step.py --dtype bfloat16 --threads 2
Driven by the benchmark program, which takes turns with our own step (one line in, one line out):
    python3 bench/peers/lora_step.py --serve --dtype bfloat16 --threads 2
Needs PyTorch 1.13 or newer and nothing else (Debian: python3-torch, run with /usr/bin/python3); `--implementation transformers` needs transformers and PEFT and
measures their own model and adapters of the same shape.
"""
import argparse
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

VOCABULARY, HIDDEN, INNER, LAYERS, HEADS, KEY_VALUE_HEADS, WIDTH = 49152, 576, 1536, 30, 9, 3, 64
EPSILON, THETA = 1e-5, 100_000
RANK, ALPHA = 64, 128
BATCH, LENGTH, SUPERVISED = 4, 256, 64
STEP_GFLOP = 645  # with the output layer on the supervised positions only; counted so for every implementation


class LoraLinear(nn.Module):
    """PEFT's: the update is computed in the adapter's type, float32, and rounded with the sum."""

    def __init__(self, inputs, outputs, dtype):
        super().__init__()
        self.base = nn.Linear(inputs, outputs, bias=False, dtype=dtype)
        self.lora_A = nn.Linear(inputs, RANK, bias=False)
        self.lora_B = nn.Linear(RANK, outputs, bias=False)

    def forward(self, x):
        result = self.base(x)
        update = self.lora_B(self.lora_A(x.to(self.lora_A.weight.dtype)))
        return (result + update * (ALPHA / RANK)).to(result.dtype)


class RmsNorm(nn.Module):
    def __init__(self, dtype):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(HIDDEN, dtype=dtype))

    def forward(self, x):
        wide = x.to(torch.float32)
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + EPSILON)
        return self.weight * wide.to(x.dtype)


def rotate_half(x):
    return torch.cat((-x[..., WIDTH // 2:], x[..., : WIDTH // 2]), dim=-1)


def repeat(x):
    batch, heads, length, width = x.shape
    group = HEADS // KEY_VALUE_HEADS
    return x[:, :, None].expand(batch, heads, group, length, width).reshape(batch, HEADS, length, width)


class Layer(nn.Module):
    def __init__(self, dtype):
        super().__init__()
        self.norm1, self.norm2 = RmsNorm(dtype), RmsNorm(dtype)
        self.q = LoraLinear(HIDDEN, HEADS * WIDTH, dtype)
        self.k = LoraLinear(HIDDEN, KEY_VALUE_HEADS * WIDTH, dtype)
        self.v = LoraLinear(HIDDEN, KEY_VALUE_HEADS * WIDTH, dtype)
        self.o = LoraLinear(HEADS * WIDTH, HIDDEN, dtype)
        self.gate, self.up = LoraLinear(HIDDEN, INNER, dtype), LoraLinear(HIDDEN, INNER, dtype)
        self.down = LoraLinear(INNER, HIDDEN, dtype)

    def forward(self, x, cosine, sine, mask):
        normed = self.norm1(x)
        batch, length, _ = x.shape
        q, k, v = (linear(normed).view(batch, length, -1, WIDTH).transpose(1, 2) for linear in (self.q, self.k, self.v))
        q = q * cosine + rotate_half(q) * sine
        k = k * cosine + rotate_half(k) * sine
        k, v = repeat(k), repeat(v)
        scores = torch.matmul(q, k.transpose(2, 3)) * WIDTH**-0.5 + mask
        weights = F.softmax(scores, dim=-1, dtype=torch.float32).to(q.dtype)
        attended = torch.matmul(weights, v).transpose(1, 2).reshape(batch, length, -1)
        x = x + self.o(attended)
        normed = self.norm2(x)
        return x + self.down(F.silu(self.gate(normed)) * self.up(normed))


class Student(nn.Module):
    def __init__(self, dtype):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, HIDDEN, dtype=dtype)
        self.layers = nn.ModuleList([Layer(dtype) for _ in range(LAYERS)])
        self.norm = RmsNorm(dtype)
        frequencies = THETA ** (-torch.arange(0, WIDTH, 2, dtype=torch.float32) / WIDTH)
        angles = torch.outer(torch.arange(LENGTH, dtype=torch.float32), frequencies)
        angles = torch.cat((angles, angles), dim=-1)
        self.cosine, self.sine = angles.cos().to(dtype), angles.sin().to(dtype)
        self.mask = torch.full((LENGTH, LENGTH), torch.finfo(dtype).min, dtype=dtype).triu(1)
        with torch.no_grad():
            for parameter in self.parameters():
                if parameter.dim() > 1:
                    parameter.normal_(0, 0.02)
        for name, parameter in self.named_parameters():
            parameter.requires_grad = "lora" in name

    def forward(self, ids, labels):
        x = self.embedding(ids)
        for layer in self.layers:
            x = layer(x, self.cosine, self.sine, self.mask)
        logits = F.linear(self.norm(x), self.embedding.weight).float()
        return F.cross_entropy(logits[:, :-1].reshape(-1, VOCABULARY), labels[:, 1:].reshape(-1), ignore_index=-100)


def with_transformers(dtype):
    """The same student as transformers and PEFT make it; its forward pass gives the loss of ids and labels."""
    import peft
    import transformers

    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=HIDDEN, intermediate_size=INNER, num_hidden_layers=LAYERS, num_attention_heads=HEADS, num_key_value_heads=KEY_VALUE_HEADS,
        max_position_embeddings=2048, rms_norm_eps=EPSILON, rope_theta=THETA, tie_word_embeddings=True, use_cache=False)
    model = transformers.LlamaForCausalLM(config).to(dtype)
    model = peft.get_peft_model(model, peft.LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM"))
    model.train()
    return model, f"{torch.__version__} with transformers {transformers.__version__} and PEFT {peft.__version__}"


class Step:
    def __init__(self, dtype, implementation="plain"):
        torch.manual_seed(1)
        if implementation == "transformers":
            model, self.version = with_transformers(dtype)
            self.student = model
            self.loss = lambda ids, labels: model(input_ids=ids, labels=labels).loss
        else:
            self.student, self.version = Student(dtype), torch.__version__
            self.loss = self.student
        self.optimizer = torch.optim.AdamW([p for p in self.student.parameters() if p.requires_grad], lr=1e-4, weight_decay=0.0)
        self.ids = torch.randint(VOCABULARY, (BATCH, LENGTH))
        self.labels = self.ids.clone()
        self.labels[:, : LENGTH - SUPERVISED] = -100

    def __call__(self):
        loss = self.loss(self.ids, self.labels)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)


class Ceiling:
    """A linear map of 512 rows and 2048 x 2048 weights, as often as fills half a second or so."""

    def __init__(self, dtype):
        self.x, self.weight = torch.randn(512, 2048).to(dtype), torch.randn(2048, 2048).to(dtype)
        self.times = 25

    def __call__(self):
        with torch.no_grad():
            for _ in range(self.times):
                F.linear(self.x, self.weight)

    @property
    def gflop(self):
        return self.times * 2 * 512 * 2048 * 2048 / 1e9


def measure(work):
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", choices=["bfloat16", "float32"], default="bfloat16")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--implementation", choices=["plain", "transformers"], default="plain", help="plain PyTorch, or transformers and PEFT themselves")
    parser.add_argument("--serve", action="store_true", help="do a step for each line on standard input and answer with seconds on the clock and of processor time")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    step = Step(getattr(torch, arguments.dtype), arguments.implementation)
    if arguments.serve:
        print(step.version, flush=True)
        for _ in sys.stdin:
            print(*measure(step), flush=True)
        return
    ceiling = Ceiling(getattr(torch, arguments.dtype))
    measure(ceiling), measure(step)
    rounds = [(measure(ceiling), measure(step)) for _ in range(arguments.rounds)]
    print(f"PyTorch {step.version}, {arguments.dtype}, {arguments.threads} thread(s), {arguments.rounds} rounds, medians")
    for name, index in (("clock", 0), ("processor time", 1)):
        seconds = statistics.median(step_time[index] for _, step_time in rounds)
        share = statistics.median((STEP_GFLOP / step_time[index]) / (ceiling.gflop / ceiling_time[index]) for ceiling_time, step_time in rounds)
        print(f"{name}: {seconds:.2f} s a step, {BATCH * LENGTH / seconds:.0f} tokens/s, {share:.2f} of the ceiling")


if __name__ == "__main__":
    main()
