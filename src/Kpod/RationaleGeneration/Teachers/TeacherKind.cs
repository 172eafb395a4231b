using Kpod.RationaleGeneration.Teachers.Clients;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>Who is asked for rationales.</summary>
public enum TeacherKind
{
    /// <summary>A server that speaks OpenAI's chat completions: OpenAI, Azure, vLLM, Ollama, llama.cpp (<see cref="OpenAiChatClient"/>).</summary>
    OpenAi,

    /// <summary>A checkpoint that this program runs itself (<see cref="LocalChatClient"/>).</summary>
    Local,
}
