// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/role_table.h"

#include <array>

namespace qs {
namespace {

constexpr std::string_view kEmbeddingModules{
    "embed_tokens# wte wpe shared emb embed embed_in embed_positions embedding# embedding_table *embeddings# "
    "*_embedding# *_emb# *_embed *_embd token_types *_token *_tokens query_feat query_pos embed_* *_embeds_layer* "
    "*embedder_# *embeddings_table queries_embedder queries_features reference_points"};
constexpr std::string_view kWeightLeaves{"*weight* w w# *kernel* *filter* *conv* *proj* *matrix* arr_#"};
constexpr std::string_view kNormModules{"norm# *norm# ln ln_* ln# *_ln# bn# bn_* *_bn# gn# *_gn#"};

constexpr TextLiteral<0> kDirection =
    Text::constant("direction of a weight in two parts: the weight is magnitude times direction");
constexpr TextLiteral<0> kMagnitude =
    Text::constant("magnitude of a weight in two parts: the weight is magnitude times direction");
constexpr TextLiteral<0> kBelongsToCodes = Text::constant("belongs to the codes of a quantized weight");
constexpr TextLiteral<0> kOptimizer = Text::constant("state of an optimizer, which training keeps for each weight");
constexpr TextLiteral<0> kCopy = Text::constant("averaged copy that training keeps beside the weights");
constexpr TextLiteral<0> kFactor =
    Text::constant("factor of an adapter, which is multiplied with the weight's input or added to it");
constexpr TextLiteral<0> kAdapterPart =
    Text::constant("part of an adapter that no activation is multiplied by as a matrix");
constexpr TextLiteral<0> kNorm = Text::constant("belongs to a normalisation, which works element by element");
constexpr TextLiteral<0> kBias = Text::constant("bias: it is added");
constexpr TextLiteral<0> kMask = Text::constant("mask: it hides elements and is no weight");
constexpr TextLiteral<0> kPosition =
    Text::constant("table of positions, angles or offsets: it is looked up and added or multiplied element by element");
constexpr TextLiteral<0> kElementwise =
    Text::constant("learned values that are added or multiplied element by element");
constexpr TextLiteral<0> kEmbedding = Text::constant("rows are looked up in it");
constexpr TextLiteral<0> kCodebook = Text::constant("codebook: values that codes stand for");
constexpr TextLiteral<0> kBuffer = Text::constant("numbers that the program keeps beside its weights");
constexpr TextLiteral<0> kMatrix = Text::constant("matrix of a linear layer");
constexpr TextLiteral<0> kKernel = Text::constant("kernel of a convolution");
constexpr TextLiteral<0> kUnknown =
    Text::constant("neither its name nor its shape says whether it is a kernel, a stack of matrices or a table");
constexpr TextLiteral<0> kStack = Text::constant("matrices on top of each other, one per expert");
constexpr TextLiteral<0> kStackOfParts =
    Text::constant("matrices on top of each other, one per mixture, head or codebook");
constexpr TextLiteral<0> kStackAxis = Text::constant("stacks are stored [matrices, out, in]");
constexpr TextLiteral<0> kStackLastAxis = Text::constant("this stack is stored [matrices, in, out]");
constexpr TextLiteral<0> kOutLast = Text::constant("it is stored [in, out]: activations are multiplied from the left");
constexpr TextLiteral<0> kOriginal = Text::constant("weight before a spectral norm or a pruning mask is applied to it");

constexpr auto kRows = std::to_array<RoleRow>({
    // What training leaves in a checkpoint.
    {.role = Role::OptimizerState,
     .path = "optimizer optimizers optimizer_state* optim optim_state* opt_state optimizer_# exp_avg exp_avg_sq "
             "momentum_buffer momentum_buffers",
     .reason = kOptimizer},
    {.role = Role::OptimizerState,
     .leaf = "exp_avg exp_avg_sq max_exp_avg_sq exp_inf exp_avg_sq_row exp_avg_sq_col momentum_buffer square_avg "
             "acc_delta grad_avg adam_m adam_v adam adam_# grad grads",
     .reason = kOptimizer},
    {.role = Role::OptimizerState,
     .leaf = "sum prev z m v mu nu q exp_* *_avg *_avg_sq momentum* row_* col_*",
     .module = "state",
     .reason = kOptimizer},
    {.role = Role::OptimizerState, .module = "gg q", .path = "state", .reason = kOptimizer},
    {.role = Role::OptimizerState,
     .path = "ema model_ema ema_model ema_state_dict state_dict_ema ema_params ema_network ema_unet ema_weights "
             "shadow_params "
             "swa_model average_model_state master_params fp32_params fp32_flat_groups single_partition_of_fp32_groups",
     .condition = Condition::BesideOthers,
     .reason = kCopy},
    {.role = Role::Buffer, .leaf = "num_batches_tracked step global_step num_updates decay", .reason = kBuffer},

    // Codes of other tools and what stands beside them.
    {.role = Role::Codes,
     .leaf = "qweight weight_packed w_q *_blocks *_packed _data q_weight",
     .types = Types::NoWeight,
     .reason = Text::constant("codes of a quantized weight")},
    {.role = Role::Codebook,
     .leaf = "quant_map nested_quant_map lookup_table codebook codebooks centroids cluster_centers",
     .reason = kCodebook},
    {.role = Role::Companion, .path = "quant_state", .reason = kBelongsToCodes},
    {.role = Role::Companion, .leaf = "_* amax scale zero_point", .path = "*_quantizer", .reason = kBelongsToCodes},
    {.role = Role::Companion,
     .leaf = "wscales wzeros smooth smooth_orig smooth_factor* q_scale* q_groups q_perm q_invperm",
     .besideCodes = ".qweight .q_weight",
     .reason = kBelongsToCodes},
    {.role = Role::Companion, .leaf = "s", .besideCodes = ".B", .reason = kBelongsToCodes},
    {.role = Role::Companion,
     .leaf = "scale zero_point zeros",
     .besideCodes = "= .int_data .qdata",
     .reason = kBelongsToCodes},
    {.role = Role::Companion,
     .leaf =
         "weight_scale weight_scale_inv weight_scale_# weight_zero_point weight_global_scale weight_shape weight_g_idx "
         "input_scale input_scale_# output_scale input_global_scale input_zero_point scale_weight scale_input "
         "scaled_fp8 "
         "qzeros g_idx scb weight_format absmax nested_absmax nested_offset quant_state* _scale _shift _zero_point "
         "*scaling_factor *_amax",
     .of = ".weight = .qweight .weight_packed ._data",
     .reason = kBelongsToCodes},
    {.role = Role::Companion,
     .leaf =
         "qscale qscales act_scale act_scales in_scale out_scale weight_scales weights_scale w_scale zp weight_zp w_zp",
     .besideCodes = ".weight = .qweight .weight_packed",
     .reason = kBelongsToCodes},
    {.role = Role::Companion,
     .leaf = "scales biases zero_points offsets zeros",
     .besideCodes = ".weight = .qweight .weight_packed .qzeros .g_idx .codes",
     .reason = kBelongsToCodes},
    {.role = Role::Companion,
     .leaf = "scale zero meta shape nbits group_size axis packing",
     .besideCodes = ".W_q",
     .reason = kBelongsToCodes},
    {.role = Role::Companion,
     .leaf = "*_scales *_scale *_scale_inv *_zeros *_zero_points *_offsets",
     .besideCodes = "_blocks = _packed _quantized",
     .reason = kBelongsToCodes},
    {.role = Role::Codes,
     .leaf = "weight",
     .minRank = 2,
     .types = Types::Integer,
     .reason = Text::constant("whole numbers in the place of a weight")},

    // Adapters.
    {.role = Role::Adapter,
     .leaf = "alpha",
     .maxRank = 1,
     .beside = ".lora_down.weight .lora_A.weight .hada_w1_a .lokr_w1 .lokr_w1_a",
     .reason = Text::constant("factor that scales an adapter")},
    {.role = Role::Adapter,
     .path = "lora_magnitude_vector",
     .stem = Stem::Path,
     .of = ".base_layer.weight .weight",
     .reason = kAdapterPart},
    {.role = Role::Adapter,
     .leaf = "lora_magnitude_vector dora_scale ia3_l hada_w#_a hada_w#_b hada_t# lokr_w# lokr_w#_a lokr_w#_b lokr_t# "
             "prompt_embeddings vera_lambda_* lora_e oft_r oft_blocks oft_diag boft_r boft_s hra_u bone_block "
             "miss_block c3a_kernel randlora_* fourierft_spectrum vblora_* shira_weight trainable_tokens_delta",
     .of = ".base_layer.weight .weight",
     .reason = kAdapterPart},
    {.role = Role::Adapter,
     .path = "ia3_l vera_lambda_* prompt_embeddings lora_e lora_mid oft_r boft_r boft_s hra_u bone_block miss_block "
             "c3a_kernel randlora_* fourierft_spectrum vblora_* shira_weight trainable_tokens_delta",
     .stem = Stem::Path,
     .of = ".base_layer.weight .weight",
     .reason = kAdapterPart},
    {.role = Role::Adapter,
     .path = "lora_a lora_b lora_embedding_a lora_embedding_b lora_down lora_up lora",
     .minRank = 2,
     .stem = Stem::Path,
     .of = ".base_layer.weight .weight",
     .product = Product::ByRank,
     .reason = kFactor},
    {.role = Role::Adapter,
     .leaf = "weight",
     .module = "down up",
     .path = "*_lora#",
     .minRank = 2,
     .product = Product::ByRank,
     .reason = kFactor},
    {.role = Role::Adapter,
     .leaf = "lora_a lora_b lora_embedding_a lora_embedding_b",
     .minRank = 2,
     .of = "= .base_layer.weight .weight",
     .product = Product::ByRank,
     .reason = kFactor},

    // Weights in two parts, and masks over them.
    {.role = Role::WeightNorm, .leaf = "weight_g", .of = ".weight_v", .reason = kMagnitude},
    {.role = Role::WeightNorm,
     .leaf = "weight_v",
     .minRank = 2,
     .beside = ".weight_g",
     .product = Product::ByRank,
     .keptByDefault = true,
     .reason = kDirection},
    {.role = Role::WeightNorm,
     .leaf = "original0",
     .path = "parametrizations",
     .beside = ".original1",
     .reason = kMagnitude},
    {.role = Role::WeightNorm,
     .leaf = "original1",
     .path = "parametrizations",
     .minRank = 2,
     .beside = ".original0",
     .product = Product::ByRank,
     .keptByDefault = true,
     .reason = kDirection},
    {.role = Role::Buffer,
     .leaf = "weight_u weight_v _u _v",
     .maxRank = 1,
     .reason = Text::constant("vector of a spectral norm")},
    {.role = Role::Buffer,
     .leaf = "base",
     .path = "parametrizations",
     .reason = Text::constant("matrix that an orthogonal weight starts from")},
    {.role = Role::Mask, .leaf = "weight_mask bias_mask", .of = ".weight_orig", .reason = kMask},
    {.role = Role::Linear,
     .leaf = "weight_orig",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .reason = kOriginal},
    {.role = Role::Convolution, .leaf = "weight_orig", .minRank = 3, .product = Product::Kernel, .reason = kOriginal},
    {.role = Role::Linear,
     .leaf = "original",
     .path = "parametrizations",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .reason = kOriginal},
    {.role = Role::Convolution,
     .leaf = "original",
     .path = "parametrizations",
     .minRank = 3,
     .product = Product::Kernel,
     .reason = kOriginal},

    // Positions.
    {.role = Role::Position,
     .path = "rotary_emb rotary_pos_emb rotary_embedding rope rope_freqs rope_factors_* relative_attention_bias_layer",
     .reason = kPosition},
    {.role = Role::Position,
     .module = "*relative_attention_bias *relative_position_bias *attn_rel_b rel_pos_bias pe_k pe_v pos_h pos_w "
               "pos_embd pos_embd_k pos_bias_u pos_bias_v *position_embedding_table *positional_embedding_table",
     .reason = kPosition},
    {.role = Role::Position,
     .leaf = "pos_embed* *_pos_embed pos_emb# *_pos_emb *pos_embedding* *position_embedding* *positional_embedding* "
             "*positional_encoding* *position_enc *position_encoding* *pos_encoding *pos_enc pe ape *_ape "
             "relative_position_* rel_pos* relative_attention_bias "
             "relative_coords_table inv_freq original_inv_freq freqs* *_freqs cos_cached sin_cached cos_cache "
             "sin_cache *position_ids "
             "attention_biases attention_bias_idxs pos_bias_u pos_bias_v pos pos_table position_table sinusoid_table "
             "*_bias_table alibi* slopes rel_bias* relative_bias*",
     .reason = kPosition},

    // Before the masks: some write the bias of this normalisation with leading axes of one element.
    {.role = Role::Norm, .leaf = "weight bias gamma beta", .module = "grn#", .reason = kNorm},

    // Masks and buffers.
    {.role = Role::Mask,
     .leaf = "bias",
     .minRank = 3,
     .condition = Condition::LeadingOne,
     .reason = Text::constant("causal mask that attention keeps as a buffer")},
    {.role = Role::Mask, .leaf = "masked_bias mask *_mask *_masks tril triu", .reason = kMask},
    {.role = Role::Mask, .leaf = "attn_bias", .minRank = 2, .reason = Text::constant("added to attention scores")},
    {.role = Role::Buffer,
     .leaf = "anchors anchor_grid *_grid stride strides fb mel_filters mel_basis *window filter_bank *_cache betas "
             "alphas_cumprod* "
             "sqrt_* log_one_minus_* posterior_* *token_type_ids pixel_mean pixel_std image_mean image_std "
             "past_* noise_const resample_filter blur_kernel alphas sigmas *_sigmas timesteps queue centers centroids "
             "forward_basis inverse_basis cell_anchors aabb in_sum2 counts weight_integer bias_integer",
     .reason = kBuffer},
    {.role = Role::Buffer, .path = "cell_anchors replay_buffer", .reason = kBuffer},

    {.role = Role::Buffer, .leaf = "kernel", .module = "blur#", .reason = kBuffer},

    // Normalisations, biases, and what else works element by element.
    {.role = Role::Norm,
     .leaf = "running_mean running_var",
     .reason = Text::constant("running statistics of a normalisation")},
    {.role = Role::Norm, .leaf = "weight bias scale gamma beta g b", .module = kNormModules, .reason = kNorm},
    {.role = Role::Norm,
     .leaf = "weight bias scale gamma beta g b",
     .module = "norm_* *norm_*",
     .maxRank = 1,
     .reason = kNorm},
    {.role = Role::Norm, .leaf = "norm layernorm ln_1 ln_2 ln_f *_norm *_layernorm", .reason = kNorm},
    {.role = Role::Bias, .leaf = "bias", .of = ".weight .kernel .qweight", .reason = kBias},
    {.role = Role::Bias, .leaf = "*_bias", .of = "_weight = _blocks", .reason = kBias},
    {.role = Role::Bias, .leaf = "bias_*", .reason = kBias},
    {.role = Role::Bias, .leaf = "b#", .maxRank = 1, .reason = kBias},

    // Recurrent layers.
    {.role = Role::Recurrent,
     .leaf = "weight_ih* weight_hh*",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Recurrent,
     .reason = Text::constant("matrices of all gates of a recurrent layer")},

    // Matrices that are stored [in, out] or in stacks.
    {.role = Role::Stack,
     .leaf = "time_maa_w2 input_gate_weight recurrent_gate_weight",
     .minRank = 3,
     .maxRank = 3,
     .product = Product::Matrix,
     .layout = Layout::StackLast,
     .reason = kStackOfParts,
     .axisReason = kStackLastAxis},
    {.role = Role::Linear,
     .leaf = "time_maa_w1 time_decay_w1 time_decay_w2",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .layout = Layout::OutLast,
     .reason = kMatrix,
     .axisReason = kOutLast},
    {.role = Role::Linear,
     .leaf = "w1 w2 a1 a2 v1 v2 g1 g2",
     .path = "att attention",
     .minRank = 2,
     .maxRank = 2,
     .beside = ".r_k",
     .product = Product::Matrix,
     .layout = Layout::OutLast,
     .reason = kMatrix,
     .axisReason = kOutLast},
    {.role = Role::Linear,
     .leaf = "text_projection mm_input_projection_weight",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .layout = Layout::OutLast,
     .reason = kMatrix,
     .axisReason = kOutLast},
    {.role = Role::Linear,
     .leaf = "proj",
     .path = "visual",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .layout = Layout::OutLast,
     .reason = kMatrix,
     .axisReason = kOutLast},
    {.role = Role::Linear,
     .leaf = "kernel recurrent_kernel",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .layout = Layout::OutLast,
     .reason = kMatrix,
     .axisReason = Text::constant("kernels of Flax and TensorFlow are stored [in, out]")},
    {.role = Role::Stack,
     .leaf = "kernel",
     .path = "experts *_experts experts_*",
     .minRank = 3,
     .maxRank = 3,
     .product = Product::Matrix,
     .layout = Layout::StackLast,
     .reason = kStack,
     .axisReason = kStackLastAxis},
    {.role = Role::Convolution,
     .leaf = "depthwise_kernel",
     .minRank = 3,
     .product = Product::Kernel,
     .layout = Layout::OutBeforeLast,
     .reason = kKernel,
     .axisReason = Text::constant("depthwise kernels of TensorFlow are stored [kernel, channels, outputs of each]")},
    {.role = Role::Convolution,
     .leaf = "kernel pointwise_kernel",
     .minRank = 3,
     .product = Product::Kernel,
     .layout = Layout::OutLast,
     .reason = kKernel,
     .axisReason = Text::constant("kernels of Flax and TensorFlow are stored [kernel, in, out]")},
    {.role = Role::Stack,
     .leaf = "weight",
     .module = "*exps attn_k_b attn_v_b input_linear output_linear altup_proj altup_unembd_proj time_mix_w2",
     .minRank = 3,
     .maxRank = 3,
     .product = Product::Matrix,
     .layout = Layout::Stack,
     .reason = kStack,
     .axisReason = kStackAxis},
    {.role = Role::Stack,
     .leaf = "weight",
     .module = "codebooks_head",
     .minRank = 3,
     .maxRank = 3,
     .product = Product::Matrix,
     .layout = Layout::StackLast,
     .reason = kStackOfParts,
     .axisReason = kStackLastAxis},
    {.role = Role::Stack,
     .path = "experts *_experts experts_* switch_mlp switch_glu",
     .minRank = 3,
     .maxRank = 3,
     .product = Product::Matrix,
     .layout = Layout::FusedStack,
     .reason = kStack,
     .axisReason = kStackAxis},
    {.role = Role::Stack,
     .leaf = "w1 w2 w3 w13 gate_up_proj gate_proj up_proj down_proj",
     .path = "moe *_moe mlp ffn feed_forward",
     .minRank = 3,
     .maxRank = 3,
     .product = Product::Matrix,
     .layout = Layout::FusedStack,
     .reason = kStack,
     .axisReason = kStackAxis},

    {.role = Role::Parameter,
     .leaf = "weight",
     .module = "time_mix_lerp_* channel_mix_lerp_* time_mix_first time_mix_r_k",
     .reason = kElementwise},

    // Codebooks and embeddings. An embedding never has a bias.
    {.role = Role::Codebook, .path = "codebook _codebook", .reason = kCodebook},
    {.role = Role::Codebook, .leaf = "codevectors", .reason = kCodebook},
    {.role = Role::Codebook,
     .leaf = "weight",
     .module = "embedding codebook",
     .path = "quantize quantizer quantizers vq codebook",
     .minRank = 2,
     .maxRank = 2,
     .reason = kCodebook},
    {.role = Role::Linear,
     .leaf = "weight",
     .minRank = 2,
     .maxRank = 2,
     .beside = ".bias",
     .product = Product::Matrix,
     .reason = kMatrix},
    {.role = Role::Linear,
     .leaf = "weight",
     .module = "embed_out embed_*proj* embed_*linear* embed_*dense* embed_*fc*",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .reason = kMatrix},
    {.role = Role::Embedding,
     .leaf = "weight embedding",
     .module = kEmbeddingModules,
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Lookup,
     .reason = kEmbedding},
    {.role = Role::Linear,
     .leaf = "weight",
     .module = "*proj* *dense* *linear* *mapping* fc# query key value",
     .path = "embeddings",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Matrix,
     .reason = kMatrix},
    {.role = Role::Embedding,
     .leaf = "weight",
     .path = "embeddings",
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Lookup,
     .reason = kEmbedding},
    {.role = Role::Parameter, .leaf = "*_token *_tokens", .condition = Condition::LeadingOne, .reason = kElementwise},
    {.role = Role::Embedding,
     .leaf = kEmbeddingModules,
     .minRank = 2,
     .maxRank = 2,
     .product = Product::Lookup,
     .reason = kEmbedding},

    {.role = Role::Parameter,
     .leaf =
         "*_token *_tokens *class_embedding gamma gamma_# *layer_scale* *layerscale* lambda# logit_scale* "
         "logit_bias temperature tau "
         "*_log log_* ssm_a ssm_d time_mix* time_decay* time_first time_faaaa time_maa_* r_k *scale_shift_table "
         "latents latents_* latent_query query queries *_decay "
         "h0 c0 h_0 c_0 init_state* initial_* transitions *_transitions "
         "sinks *_sinks *_embed *_embeds *_embedding *_embeddings _xyz _features_dc _features_rest _scaling _rotation "
         "_opacity",
     .reason = kElementwise},

    {.role = Role::Parameter,
     .leaf = "*scale *scales *scale_inv *scaling_factor *zero_point *zero_points",
     .reason = Text::constant("factors or offsets of other numbers")},
    {.role = Role::Codes,
     .leaf = "*weight*",
     .minRank = 2,
     .types = Types::Integer,
     .reason = Text::constant("whole numbers in the place of a weight")},

    // What the shape alone says.
    {.role = Role::Buffer, .maxRank = 0, .reason = Text::constant("a single value")},
    {.role = Role::Mask, .minRank = 2, .types = Types::Bool, .reason = kMask},
    {.role = Role::Buffer, .types = Types::Integer, .reason = kBuffer},
    {.role = Role::Norm,
     .leaf = "weight scale gamma g",
     .maxRank = 1,
     .reason = Text::constant("one factor per channel: it is multiplied element by element")},
    {.role = Role::Parameter, .maxRank = 1, .reason = kElementwise},
    {.role = Role::Linear, .leaf = kWeightLeaves, .maxRank = 2, .product = Product::Matrix, .reason = kMatrix},
    {.role = Role::Parameter, .maxRank = 2, .condition = Condition::OneLongAxis, .reason = kElementwise},
    {.role = Role::Linear, .maxRank = 2, .product = Product::Matrix, .reason = kMatrix},
    {.role = Role::Convolution, .leaf = "weight", .product = Product::Kernel, .reason = kKernel},
    {.role = Role::Parameter, .condition = Condition::LeadingOne, .reason = kElementwise},
    {.role = Role::Parameter, .condition = Condition::OneLongAxis, .reason = kElementwise},
    {.role = Role::Convolution, .leaf = kWeightLeaves, .product = Product::Kernel, .reason = kKernel},
    {.role = Role::Convolution, .product = Product::Kernel, .keptByDefault = true, .reason = kUnknown},
});

} // namespace

std::span<const RoleRow> roleRows()
{
    return kRows;
}

} // namespace qs
